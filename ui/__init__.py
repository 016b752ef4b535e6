"""The window of Posko: Qt only, on top of the use cases of `posko_app`."""
