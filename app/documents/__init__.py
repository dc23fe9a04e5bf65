"""What goes in and out: the experiment, its checks, arrays from documents and documents from arrays, their bytes."""
