/* Programs that misuse their socket; the first argument says how. */
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#include "ww.h"

#define IMPORT(name) __attribute__((import_module("ww"), import_name(#name)))
IMPORT(sock_write) int sock_write(const void *buffer, unsigned length, unsigned *count);

#define BOOT_CONTEXT 0xef622b23fee0980eu
#define EXECUTOR 0x804fe3440f678ff3u

static ww_cap session_cap(unsigned pointer) {
    ww_call call;
    ww_answer answer;
    ww_start(&call, WW_BOOT, BOOT_CONTEXT, 3, 0, 0);
    if (ww_send(&call, &answer)) exit(1);
    ww_cap cap = ww_get_cap(&answer, ww_get_struct(answer.results, 0), pointer);
    ww_free(&answer);
    return cap;
}

/* Starts children that do the same, until it is refused. */
static int bomb(void) {
    static const char *const arguments[] = {"bomb"};
    ww_cap executor = session_cap(6);
    ww_call call;
    ww_answer answer;
    for (;;) {
        uint32_t length;
        ww_start(&call, WW_BOOT, BOOT_CONTEXT, 1, 0, 0);
        if (ww_send(&call, &answer)) return 1;
        const void *cid = ww_get_data(answer.results, 0, &length);
        ww_start(&call, executor, EXECUTOR, 1, 1, 5);
        ww_set_data(call.params, 1, cid, length);
        ww_set_texts(call.params, 2, arguments, 1);
        /* The children get what this one has. */
        ww_set_cap(&call, ww_init(call.params, 0, 0, 7), 6, executor);
        ww_free(&answer);
        ww_send(&call, &answer);
        ww_free(&answer);
    }
}

int main(int argc, char **argv) {
    static char rubbish[4096];
    unsigned put;
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "bomb")) return bomb();
    if (!strcmp(how, "trap")) { session_cap(1); __builtin_trap(); }
    if (!strcmp(how, "leave")) { session_cap(1); return 4; }
    if (!strcmp(how, "flood")) {
        /* Bootstrap messages without end, and nobody reads the answers. */
        static const unsigned char ask[] = {0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0,
                                            0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        for (uint32_t question = 0; ; question++) {
            memcpy(rubbish, ask, sizeof ask);
            memcpy(rubbish + 32, &question, sizeof question);
            int error = sock_write(rubbish, sizeof ask, &put);
            if (error == __WASI_ERRNO_PIPE) return 7;
        }
    }
    if (!strcmp(how, "rubbish")) {
        memset(rubbish, 0x5a, sizeof rubbish);
        for (int i = 0; i < 10000; i++) sock_write(rubbish, sizeof rubbish, &put);
        return 6;
    }
    return 3;
}
