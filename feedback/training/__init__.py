"""The training buffer: answers with the verdict of a person, to train on or to test with; and its export."""
