/*
 * Wetware for guests in C: Cap'n Proto calls over the socket of module "ww". One header, one source; nothing but wasi-libc.
 *
 * A guest starts with one capability, its BootContext (WW_BOOT), and gets others as results of calls. Calls are made one at a time and
 * waited for in poll_oneoff. A guest may serve capabilities of its own (ww_serve): it answers calls while it waits for anything.
 *
 *     ww_call call;
 *     ww_answer answer;
 *     ww_start(&call, WW_BOOT, 0xINTERFACE, 0, 0, 0);      // interface id, method, data words and pointers of the parameters
 *     if (ww_send(&call, &answer)) fail(answer.reason);
 *     uint32_t pid = ww_get_u32(answer.results, 0);
 *     ww_free(&answer);
 */
#ifndef WW_H
#define WW_H

#include <stddef.h>
#include <stdint.h>

/* A capability that the host holds for this guest. */
typedef uint32_t ww_cap;
#define WW_NONE UINT32_MAX
#define WW_BOOT (UINT32_MAX - 1)

/* A message that is being written: one segment, which grows. */
typedef struct {
    uint64_t *words;
    uint32_t length, capacity;
    int failed; /* out of memory, or something did not fit */
} ww_message;

/* A struct of such a message. Sizes are words of data and pointers. */
typedef struct {
    ww_message *message;
    uint32_t at;
    uint16_t data, pointers;
} ww_struct;

#define WW_CAPS_MAX 16

typedef struct {
    ww_message message;
    ww_struct params;
    ww_cap caps[WW_CAPS_MAX];
    uint32_t cap_count;
    uint32_t payload; /* where the payload lies */
} ww_call;

/* A message that was received. */
typedef struct {
    uint64_t *words;
    uint32_t segments;
    struct { uint32_t at, length; } segment[16];
    uint32_t budget; /* words that may still be read: a message cannot make the reader walk in circles */
} ww_frame;

/* A struct of a received message; one of all zeros reads as defaults. */
typedef struct {
    ww_frame *frame;
    uint32_t segment, at;
    uint16_t data, pointers;
} ww_view;

/* A list of structs or of pointers of a received message. */
typedef struct {
    ww_frame *frame;
    uint32_t segment, at, count;
    uint16_t data, pointers;
} ww_list;

typedef struct {
    ww_frame frame;
    ww_view results;
    ww_list caps;
    uint32_t question;
    uint32_t taken; /* bits of the capabilities that ww_get_cap gave away */
    char reason[128]; /* why the call failed */
} ww_answer;

/* Begins a call; fill in call->params, then send it. */
void ww_start(ww_call *call, ww_cap target, uint64_t interface_id, uint16_t method, uint16_t data, uint16_t pointers);

/* Sends it and waits for the answer: 0, or -1 with answer->reason. Free the answer in both cases. */
int ww_send(ww_call *call, ww_answer *answer);

/* Sends it without waiting: the number of the call, or 0. What it returns is dropped when it comes. */
uint32_t ww_post(ww_call *call);

/* Waits for one message of the host and deals with it: 0, or -1 once the host has closed the socket. `ended` gets the number of the posted call
 * that has ended with it, or 0. */
int ww_turn(uint32_t *ended);

/* Gives an answer back, and the capabilities in it that were not taken. */
void ww_free(ww_answer *answer);

/* Gives a capability back. One that this guest serves is gone when the host holds it no more either. */
void ww_release(ww_cap cap);

/* Writing. An index counts fields of that size from the start of the struct's data; a pointer counts pointers. */
void ww_set_u16(ww_struct to, unsigned index, uint16_t value);
void ww_set_u32(ww_struct to, unsigned index, uint32_t value);
void ww_set_u64(ww_struct to, unsigned index, uint64_t value);
void ww_set_text(ww_struct to, unsigned pointer, const char *text);
void ww_set_data(ww_struct to, unsigned pointer, const void *bytes, uint32_t count);
void ww_set_texts(ww_struct to, unsigned pointer, const char *const *texts, uint32_t count);
void ww_set_cap(ww_call *call, ww_struct to, unsigned pointer, ww_cap cap);
ww_struct ww_init(ww_struct to, unsigned pointer, uint16_t data, uint16_t pointers);

/* Reading. What is not there reads as zero, null or empty; text and data lie in the answer, and text ends in a NUL. */
uint16_t ww_get_u16(ww_view from, unsigned index);
uint32_t ww_get_u32(ww_view from, unsigned index);
uint64_t ww_get_u64(ww_view from, unsigned index);
const char *ww_get_text(ww_view from, unsigned pointer, uint32_t *length);
const void *ww_get_data(ww_view from, unsigned pointer, uint32_t *length);
ww_view ww_get_struct(ww_view from, unsigned pointer);
ww_list ww_get_list(ww_view from, unsigned pointer);
ww_view ww_list_struct(ww_list list, uint32_t index);
const char *ww_list_text(ww_list list, uint32_t index, uint32_t *length);

/* A capability, which is the caller's from here on (ww_release); WW_NONE for null. */
ww_cap ww_get_cap(ww_answer *answer, ww_view from, unsigned pointer);

/* A call of a capability that this guest serves; all of it is valid until the handler returns. */
typedef struct {
    uint64_t interface_id;
    uint16_t method;
    ww_view params;
    const char *failure; /* set it to refuse the call, saying why */
    ww_call *reply;
    ww_list caps;
} ww_request;

/* Answers a call. The request is null when the capability is gone, which only happens after ww_release: then the context is not needed any more. */
typedef void (*ww_handler)(void *context, ww_request *request);

/* Makes a capability of this guest, to be passed with ww_set_cap any number of times, as many as memory holds; WW_NONE when that is full. */
ww_cap ww_serve(ww_handler handler, void *context);

/* Begins the results of a call; without this they are empty. */
ww_struct ww_results(ww_request *request, uint16_t data, uint16_t pointers);

/* A capability in the parameters, for as long as the handler runs; WW_NONE for null. */
ww_cap ww_borrow_cap(ww_request *request, ww_view from, unsigned pointer);

#endif
