/* Programs that misuse their socket; the first argument says how. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

#include "ww.h"

#define IMPORT(name) __attribute__((import_module("ww"), import_name(#name)))
IMPORT(sock_read) int sock_read(void *buffer, unsigned length, unsigned *count);
IMPORT(sock_write) int sock_write(const void *buffer, unsigned length, unsigned *count);

#define BOOT_CONTEXT 0xef622b23fee0980eu
#define EXECUTOR 0x804fe3440f678ff3u
#define VIEW 0xe4e1f84d570416edu
#define ROUTER 0xde50b3e61b766f3au
#define TOPIC 0x986ea9282f106bb0u

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

/* Bootstrap messages, each with a question of its own. */
static const unsigned char ask[] = {0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 0, 0, 0, 0,
                                    0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

/* Has a call under way that nobody answers; that another one of the same object has been refused says that it has arrived. */
static void leave_pending(void) {
    ww_call call;
    ww_answer answer;
    ww_cap view = session_cap(1);
    ww_start(&call, view, VIEW, 0, 0, 2);
    if (!ww_post(&call)) exit(1);
    ww_start(&call, view, VIEW, 2, 0, 0);
    ww_send(&call, &answer);
    ww_free(&answer);
}

static void never_called(void *context, ww_request *request) { (void)context; (void)request; }

/* Subscribes to a topic and never reads its socket again. */
static void subscribe_deaf(void) {
    ww_call call;
    ww_answer answer;
    ww_start(&call, session_cap(7), ROUTER, 0, 0, 1);
    ww_set_text(call.params, 0, "deaf");
    if (ww_send(&call, &answer)) exit(1);
    ww_cap topic = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);
    ww_start(&call, topic, TOPIC, 1, 1, 1);
    ww_set_cap(&call, call.params, 0, ww_serve(never_called, 0));
    if (!ww_post(&call)) exit(1);
    ww_start(&call, topic, TOPIC, 2, 0, 0);
    if (ww_send(&call, &answer)) exit(1);
    ww_free(&answer);
}

/* Publishes without end, as fast as it is let. */
static int publish_all(void) {
    ww_call call;
    ww_answer answer;
    ww_start(&call, session_cap(7), ROUTER, 0, 0, 1);
    ww_set_text(call.params, 0, "noise");
    if (ww_send(&call, &answer)) return 1;
    ww_cap topic = ww_get_cap(&answer, answer.results, 0);
    ww_free(&answer);
    for (;;) {
        ww_start(&call, topic, TOPIC, 0, 0, 1);
        ww_set_data(call.params, 0, "noise", 5);
        if (ww_send(&call, &answer)) return 2;
        ww_free(&answer);
    }
}

static void sleep_for(uint64_t nanoseconds) {
    __wasi_subscription_t wanted = {0};
    __wasi_event_t event;
    __wasi_size_t count;
    wanted.u.tag = __WASI_EVENTTYPE_CLOCK;
    wanted.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    wanted.u.u.clock.timeout = nanoseconds;
    if (__wasi_poll_oneoff(&wanted, &event, 1, &count)) exit(1);
}

/* Waits for the socket or a clock, whichever comes first: the kind of event that came. */
static int wait_either(uint64_t nanoseconds) {
    __wasi_subscription_t wanted[2] = {0};
    __wasi_event_t events[2];
    __wasi_size_t count;
    wanted[0].u.tag = __WASI_EVENTTYPE_FD_READ;
    wanted[0].u.u.fd_read.file_descriptor = 1000;
    wanted[1].u.tag = __WASI_EVENTTYPE_CLOCK;
    wanted[1].u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    wanted[1].u.u.clock.timeout = nanoseconds;
    if (__wasi_poll_oneoff(wanted, events, 2, &count) || count == 0) return -1;
    return events[0].type;
}

/* Waiting for the socket does not keep from other work. */
static int again(char *buffer, unsigned length) {
    unsigned count;
    if (sock_read(buffer, length, &count) != __WASI_ERRNO_AGAIN) return 21;
    if (wait_either(20000000) != __WASI_EVENTTYPE_CLOCK) return 22;
    if (sock_read(buffer, length, &count) != __WASI_ERRNO_AGAIN) return 23;
    if (sock_write(ask, sizeof ask, &count) || count != sizeof ask) return 24;
    if (wait_either(60000000000u) != __WASI_EVENTTYPE_FD_READ) return 25;
    if (sock_read(buffer, length, &count) || count == 0) return 26;
    return 0;
}

int main(int argc, char **argv) {
    static char rubbish[4096];
    unsigned put;
    const char *how = argc > 1 ? argv[1] : "";
    if (!strcmp(how, "bomb")) return bomb();
    if (!strcmp(how, "publish")) return publish_all();
    if (!strcmp(how, "trap")) { session_cap(1); __builtin_trap(); }
    if (!strcmp(how, "leave")) { session_cap(1); return 4; }
    if (!strcmp(how, "flood")) {
        /* Questions without end, and nobody reads the answers. */
        for (uint32_t question = 0; ; question++) {
            memcpy(rubbish, ask, sizeof ask);
            memcpy(rubbish + 32, &question, sizeof question);
            int error = sock_write(rubbish, sizeof ask, &put);
            if (error == __WASI_ERRNO_PIPE) return 7;
        }
    }
    if (!strcmp(how, "again")) return again(rubbish, sizeof rubbish);
    if (!strcmp(how, "pending-exit")) { leave_pending(); return 4; }
    if (!strcmp(how, "pending-trap")) { leave_pending(); __builtin_trap(); }
    if (!strcmp(how, "pending-wait")) { leave_pending(); for (uint32_t ended;;) ww_turn(&ended); }
    if (!strcmp(how, "deaf")) { subscribe_deaf(); write(1, "deaf\n", 5); for (;;) sleep_for(1000000000); }
    if (!strcmp(how, "rubbish")) {
        memset(rubbish, 0x5a, sizeof rubbish);
        for (int i = 0; i < 10000; i++) sock_write(rubbish, sizeof rubbish, &put);
        return 6;
    }
    return 3;
}
