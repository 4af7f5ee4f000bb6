#include "ww.h"

#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

#define IMPORT(name) __attribute__((import_module("ww"), import_name(#name)))
IMPORT(sock_read) int sock_read(void *buffer, unsigned length, unsigned *count);
IMPORT(sock_write) int sock_write(const void *buffer, unsigned length, unsigned *count);

enum { SOCKET = 1000, FRAME_WORDS_MAX = 8 << 20 };
enum { ABORT = 1, CALL = 2, RETURN = 3, FINISH = 4, RESOLVE = 5, RELEASE = 6, BOOTSTRAP = 8 };
enum { SENDER_HOSTED = 1, SENDER_PROMISE = 2, RECEIVER_HOSTED = 3 };
enum { STRUCT = 0, LIST = 1, FAR = 2, OTHER = 3 };

/* Capabilities of this guest are numbered from here. */
#define OWN 0x80000000u

static uint32_t next_question = 1;
static ww_cap boot = WW_NONE;

/* What this guest serves: a table that grows, in which a place is free when its handler is null. */
typedef struct { ww_handler handler; void *context; uint32_t references, is_kept; } ww_object;
static ww_object *served;
static uint32_t served_count, served_capacity, served_free; /* no place below served_free is free */

static int is_own(ww_cap cap) { return cap >= OWN && cap - OWN < served_count; }

static int is_served(uint32_t id) { return id < served_count && served[id].handler; }

/* ---- Writing ---- */

static uint32_t allocate(ww_message *message, uint32_t words) {
    if (message->failed || words > FRAME_WORDS_MAX - message->length) { message->failed = 1; return 0; }
    if (message->length + words > message->capacity) {
        uint32_t capacity = message->capacity * 2 > message->length + words ? message->capacity * 2 : message->length + words + 64;
        uint64_t *grown = realloc(message->words, capacity * 8ull);
        if (!grown) { message->failed = 1; return 0; }
        message->words = grown;
        message->capacity = capacity;
    }
    uint32_t at = message->length;
    memset(message->words + at, 0, words * 8ull);
    message->length += words;
    return at;
}

static void point(ww_message *message, uint32_t pointer, uint32_t at, uint32_t kind, uint32_t high) {
    if (message->failed) return;
    uint32_t offset = (uint32_t)((int32_t)at - (int32_t)pointer - 1);
    message->words[pointer] = (uint64_t)high << 32 | offset << 2 | kind;
}

static ww_struct place(ww_message *message, uint32_t pointer, uint16_t data, uint16_t pointers) {
    uint32_t at = allocate(message, (uint32_t)data + pointers);
    /* An empty struct points just before itself, so that it is not null. */
    if (data + pointers == 0) { if (!message->failed) message->words[pointer] = 0xfffffffcu; }
    else point(message, pointer, at, STRUCT, (uint32_t)pointers << 16 | data);
    return (ww_struct){message, at, data, pointers};
}

static uint32_t slot(ww_struct to, unsigned pointer) {
    if (pointer >= to.pointers) to.message->failed = 1;
    return to.at + to.data + pointer;
}

static void set(ww_struct to, unsigned index, const void *value, unsigned size) {
    if ((index + 1) * size > to.data * 8u) to.message->failed = 1;
    if (!to.message->failed) memcpy((char *)(to.message->words + to.at) + index * size, value, size);
}

static void set_bytes(ww_message *message, uint32_t pointer, const void *bytes, uint32_t count, int is_text) {
    uint32_t all = count + (is_text ? 1 : 0);
    if (all < count || all >= 1u << 29) { message->failed = 1; return; }
    uint32_t at = allocate(message, all / 8 + (all % 8 != 0));
    point(message, pointer, at, LIST, all << 3 | 2);
    if (!message->failed && count > 0) memcpy(message->words + at, bytes, count);
}

void ww_set_u16(ww_struct to, unsigned index, uint16_t value) { set(to, index, &value, sizeof value); }
void ww_set_u32(ww_struct to, unsigned index, uint32_t value) { set(to, index, &value, sizeof value); }
void ww_set_u64(ww_struct to, unsigned index, uint64_t value) { set(to, index, &value, sizeof value); }

void ww_set_text(ww_struct to, unsigned pointer, const char *text) { set_bytes(to.message, slot(to, pointer), text, strlen(text), 1); }

void ww_set_data(ww_struct to, unsigned pointer, const void *bytes, uint32_t count) { set_bytes(to.message, slot(to, pointer), bytes, count, 0); }

void ww_set_texts(ww_struct to, unsigned pointer, const char *const *texts, uint32_t count) {
    uint32_t at = allocate(to.message, count);
    point(to.message, slot(to, pointer), at, LIST, count << 3 | 6);
    for (uint32_t i = 0; i < count; i++) set_bytes(to.message, at + i, texts[i], strlen(texts[i]), 1);
}

ww_struct ww_init(ww_struct to, unsigned pointer, uint16_t data, uint16_t pointers) { return place(to.message, slot(to, pointer), data, pointers); }

void ww_set_cap(ww_call *call, ww_struct to, unsigned pointer, ww_cap cap) {
    uint32_t at = slot(to, pointer);
    if (cap == WW_NONE || call->message.failed) return;
    if (call->cap_count == WW_CAPS_MAX || (is_own(cap) && !is_served(cap - OWN))) { call->message.failed = 1; return; }
    call->message.words[at] = (uint64_t)call->cap_count << 32 | OTHER;
    call->caps[call->cap_count++] = cap;
}

/* ---- Reading ---- */

static uint64_t word(ww_frame *frame, uint32_t segment, uint32_t at) { return frame->words[frame->segment[segment].at + at]; }

/* Whether that many words lie in the segment; they count against what may be read. */
static int holds(ww_frame *frame, uint32_t segment, uint32_t at, uint64_t words) {
    if (segment >= frame->segments || at > frame->segment[segment].length || words > frame->segment[segment].length - at) return 0;
    if (words + 1 > frame->budget) return 0;
    frame->budget -= (uint32_t)words + 1;
    return 1;
}

/* Follows far pointers: the word that describes the object, and where the object lies. */
static int follow(ww_frame *frame, uint32_t *segment, uint32_t pointer, uint64_t *described, uint32_t *at) {
    uint64_t value = word(frame, *segment, pointer);
    if ((value & 3) != FAR) {
        *described = value;
        *at = pointer + 1 + (uint32_t)((int32_t)(uint32_t)value >> 2);
        return 1;
    }
    uint32_t pad = (uint32_t)value >> 3, target = (uint32_t)(value >> 32);
    if (value & 4) {
        if (!holds(frame, target, pad, 2)) return 0;
        uint64_t far = word(frame, target, pad);
        *described = word(frame, target, pad + 1);
        if ((far & 7) != FAR) return 0;
        *segment = (uint32_t)(far >> 32);
        *at = (uint32_t)far >> 3;
        return 1;
    }
    if (!holds(frame, target, pad, 1)) return 0;
    *segment = target;
    *described = word(frame, target, pad);
    *at = pad + 1 + (uint32_t)((int32_t)(uint32_t)*described >> 2);
    return (*described & 3) != FAR;
}

static ww_view view_at(ww_frame *frame, uint32_t segment, uint32_t pointer) {
    ww_view none = {0};
    uint64_t described;
    uint32_t at;
    if (!frame || word(frame, segment, pointer) == 0 || !follow(frame, &segment, pointer, &described, &at)) return none;
    uint16_t data = (uint16_t)(described >> 32), pointers = (uint16_t)(described >> 48);
    if ((described & 3) != STRUCT) return none;
    if (data + pointers > 0 && !holds(frame, segment, at, (uint64_t)data + pointers)) return none;
    return (ww_view){frame, segment, at, data, pointers};
}

static const void *bytes_at(ww_frame *frame, uint32_t segment, uint32_t pointer, uint32_t *length) {
    uint64_t described;
    uint32_t at;
    *length = 0;
    if (!frame || word(frame, segment, pointer) == 0 || !follow(frame, &segment, pointer, &described, &at)) return 0;
    uint32_t count = (uint32_t)(described >> 35);
    if ((described & 3) != LIST || (described >> 32 & 7) != 2 || !holds(frame, segment, at, (count + 7ull) / 8)) return 0;
    *length = count;
    return frame->words + frame->segment[segment].at + at;
}

static const char *text_at(ww_frame *frame, uint32_t segment, uint32_t pointer, uint32_t *length) {
    uint32_t count;
    const char *text = bytes_at(frame, segment, pointer, &count);
    if (!text || count == 0 || text[count - 1]) { text = ""; count = 1; }
    if (length) *length = count - 1;
    return text;
}

static int has(ww_view from, unsigned pointer) { return from.frame && pointer < from.pointers; }

static void get(ww_view from, unsigned index, void *value, unsigned size) {
    memset(value, 0, size);
    if (from.frame && (index + 1) * size <= from.data * 8u) {
        memcpy(value, (char *)(from.frame->words + from.frame->segment[from.segment].at + from.at) + index * size, size);
    }
}

uint16_t ww_get_u16(ww_view from, unsigned index) { uint16_t value; get(from, index, &value, sizeof value); return value; }
uint32_t ww_get_u32(ww_view from, unsigned index) { uint32_t value; get(from, index, &value, sizeof value); return value; }
uint64_t ww_get_u64(ww_view from, unsigned index) { uint64_t value; get(from, index, &value, sizeof value); return value; }

const char *ww_get_text(ww_view from, unsigned pointer, uint32_t *length) {
    if (has(from, pointer)) return text_at(from.frame, from.segment, from.at + from.data + pointer, length);
    if (length) *length = 0;
    return "";
}

const void *ww_get_data(ww_view from, unsigned pointer, uint32_t *length) {
    *length = 0;
    return has(from, pointer) ? bytes_at(from.frame, from.segment, from.at + from.data + pointer, length) : 0;
}

ww_view ww_get_struct(ww_view from, unsigned pointer) {
    return has(from, pointer) ? view_at(from.frame, from.segment, from.at + from.data + pointer) : (ww_view){0};
}

ww_list ww_get_list(ww_view from, unsigned pointer) {
    ww_list none = {0};
    uint64_t described;
    uint32_t at, segment = from.segment, slot = from.at + from.data + pointer;
    if (!has(from, pointer) || word(from.frame, segment, slot) == 0 || !follow(from.frame, &segment, slot, &described, &at)) return none;
    uint32_t size = described >> 32 & 7, count = (uint32_t)(described >> 35);
    if ((described & 3) != LIST || (size != 6 && size != 7) || !holds(from.frame, segment, at, (uint64_t)count + (size == 7))) return none;
    if (size == 6) return (ww_list){from.frame, segment, at, count, 0, 1};
    uint64_t tag = word(from.frame, segment, at);
    uint16_t data = (uint16_t)(tag >> 32), pointers = (uint16_t)(tag >> 48);
    uint32_t elements = (uint32_t)tag >> 2;
    if ((uint64_t)elements * (data + pointers) > count) return none;
    return (ww_list){from.frame, segment, at + 1, elements, data, pointers};
}

ww_view ww_list_struct(ww_list list, uint32_t index) {
    if (index >= list.count) return (ww_view){0};
    return (ww_view){list.frame, list.segment, list.at + index * ((uint32_t)list.data + list.pointers), list.data, list.pointers};
}

const char *ww_list_text(ww_list list, uint32_t index, uint32_t *length) {
    if (index < list.count && list.data == 0 && list.pointers == 1) return text_at(list.frame, list.segment, list.at + index, length);
    if (length) *length = 0;
    return "";
}

/* ---- The socket ---- */

static void await(int tag) {
    __wasi_subscription_t wanted = {0};
    __wasi_event_t event;
    __wasi_size_t count;
    wanted.u.tag = tag;
    wanted.u.u.fd_read.file_descriptor = SOCKET;
    if (__wasi_poll_oneoff(&wanted, &event, 1, &count)) __builtin_trap();
}

static int write_all(const void *bytes, size_t left) {
    const char *from = bytes;
    while (left > 0) {
        unsigned put = 0;
        int error = sock_write(from, left > 1 << 20 ? 1 << 20 : left, &put);
        if (error == __WASI_ERRNO_AGAIN) { await(__WASI_EVENTTYPE_FD_WRITE); continue; }
        if (error) return -1;
        from += put;
        left -= put;
    }
    return 0;
}

static int read_all(void *bytes, size_t left) {
    char *to = bytes;
    while (left > 0) {
        unsigned got = 0;
        int error = sock_read(to, left > 1 << 20 ? 1 << 20 : left, &got);
        if (error == __WASI_ERRNO_AGAIN) { await(__WASI_EVENTTYPE_FD_READ); continue; }
        if (error || got == 0) return -1;
        to += got;
        left -= got;
    }
    return 0;
}

static int send_message(ww_message *message) {
    uint32_t header[2] = {0, message->length};
    return message->failed || write_all(header, sizeof header) || write_all(message->words, message->length * 8ull) ? -1 : 0;
}

static int receive(ww_frame *frame) {
    uint32_t first[2], total, sizes[16] = {0};
    memset(frame, 0, sizeof *frame);
    if (read_all(first, sizeof first) || first[0] >= 16) return -1;
    frame->segments = first[0] + 1;
    sizes[0] = first[1];
    /* The table of sizes is padded to whole words. */
    uint32_t more = first[0] + first[0] % 2;
    if (more > 0 && read_all(sizes + 1, more * 4ull > sizeof sizes - 4 ? sizeof sizes - 4 : more * 4ull)) return -1;
    if (more == 16) { uint32_t pad; if (read_all(&pad, sizeof pad)) return -1; }
    total = 0;
    for (uint32_t i = 0; i < frame->segments; i++) {
        if (sizes[i] > FRAME_WORDS_MAX - total) return -1;
        frame->segment[i].at = total;
        frame->segment[i].length = sizes[i];
        total += sizes[i];
    }
    frame->words = malloc(total * 8ull + 8);
    frame->budget = FRAME_WORDS_MAX;
    return !frame->words || read_all(frame->words, total * 8ull) ? -1 : 0;
}

/* ---- The protocol ---- */

static ww_struct begin(ww_message *message, uint16_t kind, uint16_t data, uint16_t pointers) {
    memset(message, 0, sizeof *message);
    allocate(message, 1);
    ww_struct root = place(message, 0, 1, 1);
    ww_set_u16(root, 0, kind);
    return ww_init(root, 0, data, pointers);
}

/* The host holds so many references less; what nobody holds any more is told so, and gone. */
static void drop(uint32_t id, uint32_t references) {
    if (!is_served(id)) return;
    ww_object *object = &served[id];
    object->references -= references < object->references ? references : object->references;
    if (object->references > 0 || object->is_kept) return;
    ww_handler handler = object->handler;
    object->handler = 0;
    if (id < served_free) served_free = id;
    handler(object->context, 0);
}

void ww_release(ww_cap cap) {
    if (cap == WW_NONE || cap == WW_BOOT) return;
    if (is_own(cap)) {
        served[cap - OWN].is_kept = 0;
        drop(cap - OWN, 0);
        return;
    }
    ww_message message;
    ww_struct release = begin(&message, RELEASE, 1, 0);
    ww_set_u32(release, 0, cap);
    ww_set_u32(release, 1, 1);
    send_message(&message);
    free(message.words);
}

static ww_cap cap_of(ww_view descriptor) {
    uint16_t kind = ww_get_u16(descriptor, 0);
    uint32_t id = ww_get_u32(descriptor, 1);
    return kind == SENDER_HOSTED || kind == SENDER_PROMISE ? id : kind == RECEIVER_HOSTED && is_served(id) ? OWN + id : WW_NONE;
}

/* Writes the table of the capabilities that a payload names: a tag, then each with a word of data and a pointer. */
static void write_caps(ww_call *call) {
    ww_message *message = &call->message;
    if (call->cap_count == 0) return;
    uint32_t at = allocate(message, 1 + 2 * call->cap_count);
    point(message, call->payload + 1, at, LIST, 2 * call->cap_count << 3 | 7);
    if (message->failed) return;
    message->words[at] = 1ull << 48 | 1ull << 32 | (uint64_t)call->cap_count << 2;
    for (uint32_t i = 0; i < call->cap_count; i++) {
        ww_cap cap = call->caps[i];
        message->words[at + 1 + 2 * i] = is_own(cap) ? (uint64_t)(cap - OWN) << 32 | SENDER_HOSTED
                                                     : (uint64_t)(cap == WW_BOOT ? boot : cap) << 32 | RECEIVER_HOSTED;
    }
}

/* The capabilities of a message have been sent: the host holds those of this guest once more. */
static void count_caps(const ww_call *call) {
    for (uint32_t i = 0; i < call->cap_count; i++) {
        if (is_own(call->caps[i])) served[call->caps[i] - OWN].references++;
    }
}

ww_cap ww_serve(ww_handler handler, void *context) {
    uint32_t id = served_free;
    while (id < served_count && served[id].handler) id++;
    if (id == served_capacity) {
        uint32_t capacity = served_capacity ? 2 * served_capacity : 16;
        ww_object *grown = capacity <= OWN / sizeof *grown ? realloc(served, capacity * sizeof *grown) : 0;
        if (!grown) return WW_NONE;
        served = grown;
        served_capacity = capacity;
    }
    if (id == served_count) served_count++;
    served[id] = (ww_object){handler, context, 0, 1};
    served_free = id + 1;
    return OWN + id;
}

ww_struct ww_results(ww_request *request, uint16_t data, uint16_t pointers) {
    ww_struct payload = {&request->reply->message, request->reply->payload, 0, 2};
    return ww_init(payload, 0, data, pointers);
}

static void answer_call(ww_view call) {
    ww_call reply;
    ww_view target = ww_get_struct(call, 0), payload = ww_get_struct(call, 1);
    uint32_t question = ww_get_u32(call, 0), id = ww_get_u32(target, 0);
    ww_request request = {ww_get_u64(call, 1), ww_get_u16(call, 2), ww_get_struct(payload, 0), 0, &reply, ww_get_list(payload, 1)};
    memset(&reply, 0, sizeof reply);
    ww_struct wire = begin(&reply.message, RETURN, 2, 1);
    reply.payload = ww_init(wire, 0, 0, 2).at;
    if (ww_get_u16(target, 2) == 0 && is_served(id)) served[id].handler(served[id].context, &request);
    else request.failure = "there is no such capability";
    write_caps(&reply);
    if (!request.failure && reply.message.failed) request.failure = "the results do not fit";
    if (request.failure) {
        free(reply.message.words);
        wire = begin(&reply.message, RETURN, 2, 1);
        ww_set_u16(wire, 3, 1);
        ww_set_text(ww_init(wire, 0, 1, 1), 0, request.failure);
        reply.cap_count = 0;
    }
    /* What is not said gives the capabilities of the parameters back. */
    ww_set_u32(wire, 0, question);
    if (!send_message(&reply.message)) count_caps(&reply);
    free(reply.message.words);
}

/* What is not a return: a call of a capability of this guest; references to one that are given back; a promise that has settled, which brings a reference
 * that it does not need. */
static int other(ww_frame *frame, ww_view message) {
    uint16_t kind = ww_get_u16(message, 0);
    if (kind == CALL) answer_call(ww_get_struct(message, 0));
    if (kind == RELEASE) drop(ww_get_u32(ww_get_struct(message, 0), 0), ww_get_u32(ww_get_struct(message, 0), 1));
    if (kind == RESOLVE && ww_get_u16(ww_get_struct(message, 0), 2) == 0) ww_release(cap_of(ww_get_struct(ww_get_struct(message, 0), 0)));
    free(frame->words);
    return kind == ABORT ? -1 : 0;
}

static int refuse(ww_answer *answer, const char *reason) {
    size_t length = strlen(reason);
    if (length >= sizeof answer->reason) length = sizeof answer->reason - 1;
    memcpy(answer->reason, reason, length);
    answer->reason[length] = 0;
    return -1;
}

/* Reads a return: 0, or -1 and why. */
static int take_return(ww_answer *answer, ww_view message) {
    ww_view returned = ww_get_struct(message, 0), body = ww_get_struct(returned, 0);
    answer->question = ww_get_u32(returned, 0);
    if (ww_get_u16(returned, 3) == 1) return refuse(answer, ww_get_text(body, 0, 0));
    if (ww_get_u16(returned, 3) != 0) return refuse(answer, "the call was cancelled");
    answer->results = ww_get_struct(body, 0);
    answer->caps = ww_get_list(body, 1);
    return 0;
}

static int wait_for(ww_answer *answer) {
    for (;;) {
        if (receive(&answer->frame) || !answer->frame.segments || !holds(&answer->frame, 0, 0, 1)) return refuse(answer, "the host has closed the socket");
        ww_view message = view_at(&answer->frame, 0, 0);
        if (ww_get_u16(message, 0) == RETURN && ww_get_u32(ww_get_struct(message, 0), 0) == answer->question) return take_return(answer, message);
        if (ww_get_u16(message, 0) == RETURN) {
            /* Of a call that was posted, which has ended while another was waited for. */
            ww_answer posted;
            memset(&posted, 0, sizeof posted);
            posted.frame = answer->frame;
            take_return(&posted, view_at(&posted.frame, 0, 0));
            ww_free(&posted);
            memset(&answer->frame, 0, sizeof answer->frame);
            continue;
        }
        int lost = other(&answer->frame, message);
        answer->frame.words = 0;
        if (lost) return refuse(answer, "the host has ended the conversation");
    }
}

static int connect_boot(ww_answer *answer) {
    ww_message message;
    memset(answer, 0, sizeof *answer);
    answer->question = next_question++;
    ww_set_u32(begin(&message, BOOTSTRAP, 1, 1), 0, answer->question);
    int failed = send_message(&message);
    free(message.words);
    if (failed || wait_for(answer)) return -1;
    boot = cap_of(ww_list_struct(answer->caps, 0));
    answer->taken = 1;
    ww_free(answer);
    return boot == WW_NONE ? refuse(answer, "the host offers nothing") : 0;
}

void ww_start(ww_call *call, ww_cap target, uint64_t interface_id, uint16_t method, uint16_t data, uint16_t pointers) {
    ww_struct wire = begin(&call->message, CALL, 3, 3);
    call->cap_count = 0;
    ww_set_u64(wire, 1, interface_id);
    ww_set_u16(wire, 2, method);
    ww_set_u32(ww_init(wire, 0, 1, 1), 0, target);
    ww_struct payload = ww_init(wire, 1, 0, 2);
    call->payload = payload.at;
    call->params = ww_init(payload, 0, data, pointers);
}

static int send_call(ww_call *call, uint32_t question) {
    ww_message *message = &call->message;
    write_caps(call);
    if (message->failed) return -1;
    /* The call is the first object after the root: message, its word and pointer, then the question in the first half of a word. */
    memcpy(message->words + 3, &question, sizeof question);
    if (send_message(message)) return -1;
    count_caps(call);
    return 0;
}

/* Sends a call, the first one after asking for the BootContext. */
static int deliver(ww_call *call, ww_answer *answer) {
    int failed = boot == WW_NONE ? connect_boot(answer) : 0;
    if (!failed) {
        memset(answer, 0, sizeof *answer);
        answer->question = next_question++;
        if (!call->message.failed) {
            /* The target is the first word behind the call. */
            uint32_t *target = (uint32_t *)(call->message.words + 9);
            if (*target == WW_BOOT) *target = boot;
        }
        if (call->message.failed) failed = refuse(answer, "the parameters do not fit");
        else if (send_call(call, answer->question)) failed = refuse(answer, call->message.failed ? "out of memory" : "the host has closed the socket");
    }
    free(call->message.words);
    memset(&call->message, 0, sizeof call->message);
    return failed;
}

int ww_send(ww_call *call, ww_answer *answer) { return deliver(call, answer) || wait_for(answer) ? -1 : 0; }

uint32_t ww_post(ww_call *call) {
    ww_answer answer;
    return deliver(call, &answer) ? 0 : answer.question;
}

int ww_turn(uint32_t *ended) {
    ww_answer answer;
    memset(&answer, 0, sizeof answer);
    *ended = 0;
    if (receive(&answer.frame) || !holds(&answer.frame, 0, 0, 1)) { free(answer.frame.words); return -1; }
    ww_view message = view_at(&answer.frame, 0, 0);
    if (ww_get_u16(message, 0) != RETURN) return other(&answer.frame, message);
    take_return(&answer, message);
    *ended = answer.question;
    ww_free(&answer);
    return 0;
}

void ww_free(ww_answer *answer) {
    for (uint32_t i = 0; i < answer->caps.count && i < 32; i++) {
        if (!(answer->taken >> i & 1)) ww_release(cap_of(ww_list_struct(answer->caps, i)));
    }
    if (answer->frame.words) {
        ww_message message;
        ww_struct finish = begin(&message, FINISH, 1, 0);
        ww_set_u32(finish, 0, answer->question);
        /* Bit 32, which is stored inverted: the capabilities of the results are released one by one. */
        ww_set_u32(finish, 1, 1);
        send_message(&message);
        free(message.words);
    }
    free(answer->frame.words);
    uint32_t question = answer->question;
    memset(answer, 0, offsetof(ww_answer, reason));
    answer->question = question;
}

/* The place of a capability in the table of its message; UINT32_MAX for null. */
static uint32_t cap_index(ww_list caps, ww_view from, unsigned pointer) {
    if (!has(from, pointer)) return UINT32_MAX;
    uint64_t value = word(from.frame, from.segment, from.at + from.data + pointer);
    return (uint32_t)value == OTHER && (uint32_t)(value >> 32) < caps.count ? (uint32_t)(value >> 32) : UINT32_MAX;
}

ww_cap ww_get_cap(ww_answer *answer, ww_view from, unsigned pointer) {
    uint32_t index = cap_index(answer->caps, from, pointer);
    if (index >= 32 || answer->taken >> index & 1) return WW_NONE;
    answer->taken |= 1u << index;
    return cap_of(ww_list_struct(answer->caps, index));
}

ww_cap ww_borrow_cap(ww_request *request, ww_view from, unsigned pointer) {
    uint32_t index = cap_index(request->caps, from, pointer);
    return index == UINT32_MAX ? WW_NONE : cap_of(ww_list_struct(request->caps, index));
}
