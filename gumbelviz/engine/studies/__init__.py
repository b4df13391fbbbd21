"""The studies of the pages: settings in, reports out."""
