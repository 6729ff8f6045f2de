"""The demo's door, under demo/; in the URLs only while the demo is on."""

from django.urls import path

from jmdi import demo

urlpatterns = [path("enter/", demo.enter, name="demo_enter")]
