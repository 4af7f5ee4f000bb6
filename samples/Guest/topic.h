/* What programs that publish to topics share. */
#ifndef TOPIC_H
#define TOPIC_H

#include <stdio.h>
#include <string.h>

#include "ww.h"

#define BOOT_CONTEXT 0xef622b23fee0980eu
#define ROUTER 0xde50b3e61b766f3au
#define TOPIC 0x986ea9282f106bb0u

/* Capabilities of a session by the number of their pointer. */
enum { SESSION_VIEW = 1, SESSION_EXECUTOR = 6, SESSION_PUBSUB = 7, SESSION_ANCHOR = 8, SESSION_POINTERS = 9 };

static inline int complain(const char *what, const ww_answer *answer) {
    fprintf(stderr, "%s: %s\n", what, answer->reason);
    return 1;
}

/* Asks the BootContext for the session that this program was given. */
static inline ww_view get_session(ww_answer *answer) {
    ww_call call;
    ww_start(&call, WW_BOOT, BOOT_CONTEXT, 3, 0, 0);
    if (ww_send(&call, answer)) return (ww_view){0};
    return ww_get_struct(answer->results, 0);
}

/* Publishes one message to a topic: 0, or 1 after it has said why not. */
static inline int publish(const char *name, const char *text) {
    ww_answer answer;
    ww_call call;
    ww_cap router = ww_get_cap(&answer, get_session(&answer), SESSION_PUBSUB);
    ww_free(&answer);
    if (router == WW_NONE) return complain("topics", &answer);

    ww_start(&call, router, ROUTER, 0, 0, 1);
    ww_set_text(call.params, 0, name);
    if (ww_send(&call, &answer)) return complain("join", &answer);
    ww_cap topic = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);
    ww_release(router);

    ww_start(&call, topic, TOPIC, 0, 0, 1);
    ww_set_data(call.params, 0, text, strlen(text));
    int failed = ww_send(&call, &answer);
    ww_free(&answer);
    ww_release(topic);
    return failed ? complain("publish", &answer) : 0;
}

#endif
