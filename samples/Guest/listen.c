/*
 * Subscribes to a topic, which calls back, and prints so many messages:
 *
 *     ww exec listen.wasm news 3
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "topic.h"

#define CONSUMER 0xd72d37c8b6fbef23u

static int left;

static void consume(void *context, ww_request *request) {
    uint32_t length;
    const char *message = ww_get_data(request->params, 0, &length);
    (void)context;
    if (request->interface_id != CONSUMER || request->method != 0) { request->failure = "a consumer only consumes"; return; }
    printf("%.*s\n", (int)length, length ? message : "");
    fflush(stdout);
    left--;
}

int main(int argc, char **argv) {
    ww_answer answer;
    ww_call call;
    uint32_t ended = 0;
    left = argc > 2 ? atoi(argv[2]) : 1;
    ww_cap router = ww_get_cap(&answer, get_session(&answer), SESSION_PUBSUB);
    ww_free(&answer);
    ww_start(&call, router, ROUTER, 0, 0, 1);
    ww_set_text(call.params, 0, argc > 1 ? argv[1] : "news");
    if (ww_send(&call, &answer)) return complain("join", &answer);
    ww_cap topic = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);

    ww_start(&call, topic, TOPIC, 1, 1, 1);
    ww_set_cap(&call, call.params, 0, ww_serve(consume, 0));
    /* A field that has a default is stored by its difference from it: 32 is zero. */
    uint32_t subscription = ww_post(&call);

    /* Calls arrive in order: when this one is answered, the subscription is there. */
    ww_start(&call, topic, TOPIC, 2, 0, 0);
    if (!subscription || ww_send(&call, &answer)) return complain("name", &answer);
    printf("listening to %s\n", ww_get_text(answer.results, 0, 0));
    fflush(stdout);
    ww_free(&answer);

    while (left > 0) {
        if (ww_turn(&ended) || ended == subscription) { fprintf(stderr, "the subscription has ended\n"); return 1; }
    }
    return 0;
}
