"""What people send about cohorts; a file for each subject."""
