/*
 * The hello world: publishes to the topic "hello", then starts the program that is embedded in this one at /<peer id>/hello on another node, where it
 * publishes to the same topic. The anchor there holds the process from then on.
 *
 *     ww subscribe hello &
 *     ww run hello.wasm
 */
#include <stdio.h>
#include <string.h>

#include "topic.h"

#define ANCHOR 0xe41237e4098ed922u
#define LOADER 0x8a336ac7e2d028c1u
#define STORER 0xab8d091f98599d27u
#define EXECUTOR 0x804fe3440f678ff3u
#define PROCESS 0xda23f0d3a8250633u

enum { VALUE_PROCESS = 2, VALUE_SESSION = 4 };

static const unsigned char inner[] = {
#include "inner.inc"
};

/* The first capability of the results of a call with one text at most; `what` names it where it fails. */
static ww_cap ask(ww_cap target, uint64_t interface_id, uint16_t method, const char *text, const char *what) {
    ww_answer answer;
    ww_call call;
    ww_cap cap = WW_NONE;
    ww_start(&call, target, interface_id, method, 0, text ? 1 : 0);
    if (text) ww_set_text(call.params, 0, text);
    if (ww_send(&call, &answer)) complain(what, &answer);
    else cap = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);
    return cap;
}

/* Reads the session of a node from its anchor. */
static ww_view load_session(ww_cap loader, ww_answer *answer) {
    ww_call call;
    ww_start(&call, loader, LOADER, 0, 0, 0);
    if (ww_send(&call, answer)) return (ww_view){0};
    ww_view value = ww_get_struct(answer->results, 0);
    return ww_get_u16(value, 0) == VALUE_SESSION ? ww_get_struct(value, 0) : (ww_view){0};
}

static uint64_t server_of(ww_view session) { return ww_get_u64(ww_get_struct(session, 0), 0); }

/* Starts the inner program with what its node's session holds, and leaves its process in an anchor. */
static int start(ww_answer *host, ww_view session, ww_cap root, const char *peer) {
    char path[256];
    ww_answer answer;
    ww_call call;
    ww_cap executor = ww_get_cap(host, session, SESSION_EXECUTOR), pub_sub = ww_get_cap(host, session, SESSION_PUBSUB);
    ww_start(&call, executor, EXECUTOR, 0, 1, 5);
    ww_set_cap(&call, ww_init(call.params, 0, 0, SESSION_POINTERS), SESSION_PUBSUB, pub_sub);
    ww_set_data(call.params, 1, inner, sizeof inner);
    if (ww_send(&call, &answer)) return complain("exec", &answer);
    ww_cap process = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);

    snprintf(path, sizeof path, "/%s/hello", peer);
    ww_cap anchor = ask(root, ANCHOR, 1, path, "walk");
    ww_start(&call, anchor, ANCHOR, 2, 0, 0);
    if (ww_send(&call, &answer)) return complain("cell", &answer);
    ww_cap storer = ww_get_cap(&answer, answer.results, 1);
    ww_free(&answer);
    ww_start(&call, storer, STORER, 0, 1, 1);
    ww_struct value = ww_init(call.params, 0, 1, 1);
    ww_set_u16(value, 0, VALUE_PROCESS);
    ww_set_cap(&call, value, 0, process);
    ww_set_u16(call.params, 0, 1);
    if (ww_send(&call, &answer)) return complain("store", &answer);
    ww_free(&answer);

    ww_start(&call, process, PROCESS, 0, 0, 0);
    if (ww_send(&call, &answer)) return complain("wait", &answer);
    uint32_t code = ww_get_u32(answer.results, 0);
    ww_free(&answer);
    printf("%s exited with %u\n", path, code);
    return (int)code;
}

int main(void) {
    ww_answer answer, host;
    ww_call call;
    if (publish("hello", "Hello, World")) return 1;

    ww_view session = get_session(&answer);
    uint64_t self = server_of(session);
    ww_cap root = ww_get_cap(&answer, session, SESSION_ANCHOR);
    ww_free(&answer);

    ww_start(&call, root, ANCHOR, 0, 0, 0);
    if (ww_send(&call, &answer)) return complain("ls", &answer);
    ww_list nodes = ww_get_list(answer.results, 0);
    for (uint32_t i = 0; i < nodes.count; i++) {
        ww_view node = ww_list_struct(nodes, i);
        ww_cap anchor = ww_get_cap(&answer, node, 0);
        ww_cap loader = ask(anchor, ANCHOR, 2, 0, "cell");
        ww_view other = load_session(loader, &host);
        ww_release(loader);
        ww_release(anchor);
        if (other.frame && server_of(other) != self) return start(&host, other, root, ww_get_text(node, 1, 0));
        ww_free(&host);
    }
    fprintf(stderr, "there is no other node\n");
    return 1;
}
