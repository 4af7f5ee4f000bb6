/*
 * The inner program of hello.c: it says the same on the node that it was started on.
 */
#include "topic.h"

int main(void) { return publish("hello", "Hello, World"); }
