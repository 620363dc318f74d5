"""The monitor: follows records as they come and tells what changes, in the time of the records themselves."""
