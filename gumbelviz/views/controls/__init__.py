"""What a person moves: sliders, fields, buttons."""
