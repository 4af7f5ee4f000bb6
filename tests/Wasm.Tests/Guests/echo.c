/* Sends back what comes over the socket of module "ww", waiting in poll_oneoff, until the other side closes. */
#include <wasi/api.h>

#define IMPORT(name) __attribute__((import_module("ww"), import_name(#name)))
IMPORT(sock_read) int sock_read(void *buffer, unsigned length, unsigned *count);
IMPORT(sock_write) int sock_write(const void *buffer, unsigned length, unsigned *count);
IMPORT(sock_close) int sock_close(void);

static void await(int tag) {
    __wasi_subscription_t wanted = {.userdata = 7};
    __wasi_event_t event;
    __wasi_size_t count;
    wanted.u.tag = tag;
    wanted.u.u.fd_read.file_descriptor = 1000;
    if (__wasi_poll_oneoff(&wanted, &event, 1, &count) || event.userdata != 7) __builtin_trap();
}

int main(void) {
    static char buffer[4096];
    for (;;) {
        unsigned got = 0, sent = 0, put;
        int error = sock_read(buffer, sizeof buffer, &got);
        if (error == __WASI_ERRNO_AGAIN) { await(__WASI_EVENTTYPE_FD_READ); continue; }
        if (error) return error;
        if (got == 0) return sock_close();
        while (sent < got) {
            error = sock_write(buffer + sent, got - sent, &put);
            if (error == __WASI_ERRNO_AGAIN) { await(__WASI_EVENTTYPE_FD_WRITE); continue; }
            if (error) return error;
            sent += put;
        }
    }
}
