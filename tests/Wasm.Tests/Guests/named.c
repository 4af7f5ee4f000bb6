/* Traps three calls deep, as its argument says. Linked with the names of its functions. */
#include <string.h>

typedef int (*step)(const char *how);

static volatile int zero;

static int sink(const char *how) {
    if (!strcmp(how, "divide")) return 7 / zero;
    if (!strcmp(how, "memory")) return *(volatile int *)0xfffffff0u;
    __builtin_trap();
}

/* Through pointers that nobody can see through, so that each stays a call. */
static step volatile to_sink = sink;

static int middle(const char *how) { return to_sink(how) + 1; }

static step volatile to_middle = middle;

static int outer(const char *how) { return to_middle(how) + 1; }

static step volatile to_outer = outer;

int main(int argc, char **argv) { return to_outer(argc > 1 ? argv[1] : "") + 1; }
