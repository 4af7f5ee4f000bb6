/* What the tests of processes run: the first argument says what to do. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void say(const char *text) {
    size_t left = strlen(text);
    while (left > 0) {
        ssize_t put = write(1, text, left);
        if (put < 0) exit(9);
        text += put;
        left -= put;
    }
}

/* Through a pointer that nobody can see through, so that it stays a call. */
static int recurse(int depth);
static int (*volatile deeper)(int) = recurse;

static int recurse(int depth) { return deeper(depth + 1) + depth; }

int main(int argc, char **argv) {
    static char buffer[4096];
    const char *what = argc > 1 ? argv[1] : "";
    if (!strcmp(what, "args")) {
        for (int i = 2; i < argc; i++) { say(argv[i]); say("\n"); }
        const char *mood = getenv("MOOD");
        if (mood) say(mood);
        return 0;
    }
    if (!strcmp(what, "echo")) {
        ssize_t got;
        while ((got = read(0, buffer, sizeof buffer - 1)) > 0) { buffer[got] = 0; say(buffer); }
        return got < 0;
    }
    if (!strcmp(what, "exit")) return atoi(argv[2]);
    if (!strcmp(what, "trap")) __builtin_trap();
    if (!strcmp(what, "flood")) {
        memset(buffer, 'x', sizeof buffer - 1);
        for (int i = atoi(argv[2]); i > 0; i--) say(buffer);
        return 0;
    }
    if (!strcmp(what, "recurse")) return recurse(argc);
    if (!strcmp(what, "grow")) {
        while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) { }
        return 7;
    }
    if (!strcmp(what, "spin")) { say("spinning\n"); for (volatile int i = 0;; i++) { } }
    return 3;
}
