/*
 * A program that says what it was given, and starts itself once more if it may:
 *
 *     clang --target=wasm32-wasi -Os -o family.wasm family.c ww.c
 *     ww exec family.wasm one two
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ww.h"

#define BOOT_CONTEXT 0xef622b23fee0980eu
#define EXECUTOR 0x804fe3440f678ff3u
#define PROCESS 0xda23f0d3a8250633u

static void fail(const char *what, const ww_answer *answer) {
    fprintf(stderr, "%s: %s\n", what, answer->reason);
    exit(1);
}

/* Asks the BootContext something without parameters. */
static ww_view ask(uint16_t method, const char *what, ww_answer *answer) {
    ww_call call;
    ww_start(&call, WW_BOOT, BOOT_CONTEXT, method, 0, 0);
    if (ww_send(&call, answer)) fail(what, answer);
    return answer->results;
}

static void start_child(ww_cap executor) {
    ww_answer answer;
    ww_call call;
    uint32_t length;
    static const char *const arguments[] = {"child"};
    ww_view results = ask(1, "cid", &answer);
    const void *cid = ww_get_data(results, 0, &length);

    ww_start(&call, executor, EXECUTOR, 1, 1, 5);
    ww_set_data(call.params, 1, cid, length);
    ww_set_texts(call.params, 2, arguments, 1);
    ww_free(&answer);
    if (ww_send(&call, &answer)) fail("execCached", &answer);
    ww_cap child = ww_get_cap(&answer, answer.results, 0);
    printf("child %u\n", ww_get_u32(answer.results, 0));
    ww_free(&answer);

    ww_start(&call, child, PROCESS, 0, 0, 0);
    if (ww_send(&call, &answer)) fail("wait", &answer);
    printf("it exited with %u\n", ww_get_u32(answer.results, 0));
    ww_free(&answer);
    ww_release(child);
}

int main(int argc, char **argv) {
    ww_answer answer;
    if (argc == 2 && !strcmp(argv[1], "child")) return 5;

    printf("pid %u\n", ww_get_u32(ask(0, "pid", &answer), 0));
    ww_free(&answer);

    ww_list arguments = ww_get_list(ask(2, "args", &answer), 0);
    for (uint32_t i = 1; i < arguments.count; i++) printf("argument %s\n", ww_list_text(arguments, i, 0));
    ww_free(&answer);

    static const char *const names[] = {"view", "queue", "crawler", "consensus", "gossip", "executor", "topics", "anchors"};
    ww_view session = ww_get_struct(ask(3, "session", &answer), 0);
    ww_cap executor = WW_NONE;
    for (unsigned i = 0; i < 8; i++) {
        ww_cap cap = ww_get_cap(&answer, session, i + 1);
        if (cap != WW_NONE) printf("holds %s\n", names[i]);
        if (i == 5) executor = cap;
        else ww_release(cap);
    }
    ww_free(&answer);

    fflush(stdout);
    if (executor != WW_NONE) {
        start_child(executor);
        ww_release(executor);
    }
    return 0;
}
