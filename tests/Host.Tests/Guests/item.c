/* An item processor that does on each page what the last part of its URL says. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    static char line[8192], head[8192];
    const char *how = argc > 1 && strrchr(argv[1], '/') ? strrchr(argv[1], '/') + 1 : "";
    if (!strcmp(how, "trap")) __builtin_trap();
    if (!strcmp(how, "loop")) for (volatile int i = 0;; i++) { }
    if (!strcmp(how, "flood")) for (;;) puts("too much");
    if (!strcmp(how, "garbage")) { putchar(0xff); return 0; }
    if (!strcmp(how, "grow")) { for (char *more; (more = malloc(1 << 20));) *(volatile char *)more = 1; abort(); }
    if (!strcmp(how, "exit")) { fprintf(stderr, "not today\nsecond line\n"); return 3; }
    if (!strcmp(how, "nothing")) return 0;
    /* Says what it was given: the head in one line, and the body. */
    while (fgets(line, sizeof line, stdin) && line[0] != '\n') {
        line[strcspn(line, "\n")] = '|';
        if (strncmp(line, "fetched-at: ", 12)) strcat(head, line);
    }
    printf("%s", head);
    while (fgets(line, sizeof line, stdin)) printf("%s", line);
    return 0;
}
