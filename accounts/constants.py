"""Names of accounts."""

# The demo's people live here; no mail reaches it, the name is reserved for examples (RFC 2606).
DEMO_DOMAIN = "demo.example"
# Where the placeholders of guests end, who have no address; reserved as well.
GUEST_DOMAIN = "guest.invalid"
