"""What is asked: a router for each topic, the body and the query of a request, and the errors it can bring about."""
