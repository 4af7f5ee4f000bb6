/* Serves as many handlers at a time as its argument says, twice: each is passed to View.iter, must be called once, and is given up. */
#include <stdlib.h>

#include "topic.h"

#define VIEW 0xe4e1f84d570416edu

static unsigned *called, dropped;

static void handle(void *context, ww_request *request) {
    unsigned i = (unsigned)(uintptr_t)context;
    if (!request) { dropped++; return; }
    called[i]++;
    if (i % 2) request->failure = "odd";
    else ww_results(request, 0, 0);
}

int main(int argc, char **argv) {
    ww_answer answer;
    ww_call call;
    unsigned count = argc > 1 ? atoi(argv[1]) : 1;
    called = calloc(count, sizeof *called);
    ww_cap view = ww_get_cap(&answer, get_session(&answer), SESSION_VIEW), first = WW_NONE;
    ww_free(&answer);
    for (unsigned round = 1; round <= 2; round++) {
        uint32_t ended, left = count;
        memset(called, 0, count * sizeof *called);
        for (unsigned i = 0; i < count; i++) {
            ww_cap handler = ww_serve(handle, (void *)(uintptr_t)i);
            if (handler == WW_NONE) return 4;
            /* The second round takes the places of the first. */
            if (round == 1 && i == 0) first = handler;
            if (handler - first >= count) return 5;
            ww_start(&call, view, VIEW, 1, 0, 3);
            ww_set_cap(&call, call.params, 0, handler);
            if (!ww_post(&call)) return 3;
            ww_release(handler);
        }
        while (left > 0 || dropped < round * count) {
            if (ww_turn(&ended)) return 3;
            if (ended) left--;
        }
        for (unsigned i = 0; i < count; i++) if (called[i] != 1) return 2;
    }
    return 0;
}
