//! Wetware for guests in Rust: Cap'n Proto calls over the socket of module "ww". One file, no crates; `mod ww;` is all it takes.
//!
//! A guest starts with one capability, its BootContext (`ww::boot()`), and gets others as results of calls. Calls are made one at a time and waited for
//! in poll_oneoff. A capability is given back when its last clone is dropped. A guest may serve capabilities of its own (`ww::serve`): it answers calls
//! while it waits for anything.
//!
//!     let mut call = ww::boot()?.call(0xINTERFACE, 0, 1, 2); // interface id, method, data words and pointers of the parameters
//!     call.params().set_text(0, "hello");
//!     let answer = call.send()?;
//!     let pid = answer.results().u32(0);
#![allow(dead_code)]

use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::{Rc, Weak};

const SOCKET: u32 = 1000;
const FRAME_WORDS_MAX: usize = 8 << 20;
const SEGMENTS_MAX: usize = 16;
const EAGAIN: i32 = 6;
const POLL_READ: u8 = 1;
const POLL_WRITE: u8 = 2;

const ABORT: u16 = 1;
const CALL: u16 = 2;
const RETURN: u16 = 3;
const FINISH: u16 = 4;
const RESOLVE: u16 = 5;
const RELEASE: u16 = 6;
const BOOTSTRAP: u16 = 8;

const SENDER_HOSTED: u16 = 1;
const SENDER_PROMISE: u16 = 2;
const RECEIVER_HOSTED: u16 = 3;

/// Why a call failed.
#[derive(Debug)]
pub struct Error(pub String);

pub type Result<T> = std::result::Result<T, Error>;

impl fmt::Display for Error {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result { to.write_str(&self.0) }
}

impl std::error::Error for Error {}

fn fail<T>(why: &str) -> Result<T> { Err(Error(why.to_string())) }

// ---- Capabilities ----

struct Reference(u32);

impl Drop for Reference {
    fn drop(&mut self) {
        let mut message = Message::new(RELEASE, 1, 0);
        message.body().set_u32(0, self.0).set_u32(1, 1);
        // Without a socket there is nothing to give back to.
        let _ = message.send();
    }
}

/// A capability that the host holds for this guest, or one of this guest.
#[derive(Clone)]
pub struct Cap(Kind);

#[derive(Clone)]
enum Kind {
    Host(Rc<Reference>),
    Own(Rc<Kept>),
}

impl Cap {
    /// How the host knows it.
    fn descriptor(&self) -> u64 {
        match &self.0 {
            Kind::Host(reference) => (reference.0 as u64) << 32 | RECEIVER_HOSTED as u64,
            Kind::Own(kept) => (kept.0 as u64) << 32 | SENDER_HOSTED as u64,
        }
    }

    /// Begins a call of a capability of the host; sizes are words of data and pointers of the parameters.
    pub fn call(&self, interface: u64, method: u16, data: usize, pointers: usize) -> Call {
        let mut message = Message::new(CALL, 3, 3);
        let mut body = message.body();
        body.set_u64(1, interface).set_u16(2, method);
        let target = match &self.0 {
            Kind::Host(reference) => reference.0,
            Kind::Own(_) => panic!("what this program serves itself it need not call"),
        };
        body.init(0, 1, 1).set_u32(0, target);
        let mut payload = body.init(1, 0, 2);
        let params = payload.init(0, data, pointers).place;
        let payload = payload.place;
        Call { message, payload, params, _target: self.clone() }
    }
}

/// The BootContext.
pub fn boot() -> Result<Cap> {
    thread_local!(static BOOT: RefCell<Option<Cap>> = RefCell::new(None));
    if let Some(known) = BOOT.with(|boot| boot.borrow().clone()) { return Ok(known); }
    let question = next_question();
    let mut message = Message::new(BOOTSTRAP, 1, 1);
    message.body().set_u32(0, question);
    message.send()?;
    let answer = wait_for(question)?;
    match answer.frame.caps.first().cloned().flatten() {
        Some(cap) => {
            BOOT.with(|boot| *boot.borrow_mut() = Some(cap.clone()));
            Ok(cap)
        }
        None => fail("the host offers nothing"),
    }
}

/// A call that is being made.
pub struct Call {
    message: Message,
    payload: Place,
    params: Place,
    _target: Cap,
}

impl Call {
    pub fn params(&mut self) -> Builder { Builder { message: &mut self.message, place: self.params } }

    /// Sends it and waits for the answer.
    pub fn send(self) -> Result<Answer> { wait_for(self.post()?) }

    /// Sends it without waiting; the number of the call, which `turn` gives when it has ended. What it returns is dropped when it comes.
    pub fn post(mut self) -> Result<u32> {
        let question = next_question();
        self.message.body().set_u32(0, question);
        self.message.write_caps(self.payload);
        self.message.send()?;
        Ok(question)
    }
}

/// What a call returned. The host forgets it when this is dropped.
pub struct Answer {
    frame: Frame,
    question: u32,
}

impl Answer {
    pub fn results(&self) -> View {
        let returned = self.frame.root().view(0);
        returned.view(0).view(0)
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let mut message = Message::new(FINISH, 1, 0);
        // The second bit is stored inverted: capabilities of the results are given back one by one.
        message.body().set_u32(0, self.question).set_u32(1, 1);
        let _ = message.send();
    }
}

// ---- Serving ----

/// What the guest itself holds of an object that it serves.
struct Kept(u32);

impl Drop for Kept {
    fn drop(&mut self) { drop_if_unused(self.0); }
}

struct Object {
    handler: Rc<dyn Fn(&mut Request) -> Result<()>>,
    references: u32,
    kept: Weak<Kept>,
}

thread_local!(static OBJECTS: RefCell<Vec<Option<Object>>> = RefCell::new(Vec::new()));

fn with_object<T>(id: u32, act: impl FnOnce(&mut Object) -> T) -> Option<T> {
    OBJECTS.try_with(|objects| objects.borrow_mut().get_mut(id as usize).and_then(Option::as_mut).map(act)).ok().flatten()
}

/// An object that neither side holds any more makes room for another, and its handler is dropped.
fn drop_if_unused(id: u32) {
    if with_object(id, |object| object.references == 0 && object.kept.strong_count() == 0) == Some(true) {
        // Out of the table first: what the handler owns may be capabilities too.
        let gone = OBJECTS.with(|objects| objects.borrow_mut()[id as usize].take());
        drop(gone);
    }
}

/// Makes a capability of this guest. The handler answers its calls, while the guest waits for anything; an error becomes the caller's. It is dropped when
/// neither the guest nor the host holds the capability any more.
pub fn serve(handler: impl Fn(&mut Request) -> Result<()> + 'static) -> Cap {
    OBJECTS.with(|objects| {
        let mut objects = objects.borrow_mut();
        let id = objects.iter().position(Option::is_none).unwrap_or(objects.len());
        if id == objects.len() { objects.push(None); }
        let kept = Rc::new(Kept(id as u32));
        objects[id] = Some(Object { handler: Rc::new(handler), references: 0, kept: Rc::downgrade(&kept) });
        Cap(Kind::Own(kept))
    })
}

/// A call of a capability that this guest serves.
pub struct Request {
    pub interface: u64,
    pub method: u16,
    frame: Frame,
    reply: Message,
    payload: Place,
}

impl Request {
    pub fn params(&self) -> View { self.frame.root().view(0).view(1).view(0) }

    /// Begins the results; without this they are empty.
    pub fn results(&mut self, data: usize, pointers: usize) -> Builder {
        let place = self.reply.place(self.payload.pointer(0), data, pointers);
        Builder { message: &mut self.reply, place }
    }
}

fn answer_call(mut frame: Frame) -> Result<()> {
    let (question, interface, method, is_import, id) = {
        let call = frame.root().view(0);
        let target = call.view(0);
        (call.u32(0), call.u64(1), call.u16(2), target.u16(2) == 0, target.u32(0))
    };
    let caps: Vec<Option<Cap>> = frame.root().view(0).view(1).list(1).into_iter().map(cap_of).collect();
    frame.caps = caps;
    let mut reply = Message::new(RETURN, 2, 1);
    let payload = reply.body().init(0, 0, 2).place;
    let mut request = Request { interface, method, frame, reply, payload };
    let handler = if is_import { with_object(id, |object| object.handler.clone()) } else { None };
    let outcome = match handler {
        Some(handler) => handler(&mut request),
        None => fail("there is no such capability"),
    };
    match outcome {
        Ok(()) => request.reply.write_caps(payload),
        Err(Error(why)) => {
            request.reply = Message::new(RETURN, 2, 1);
            request.reply.body().set_u16(3, 1).init(0, 1, 1).set_text(0, &why);
        }
    }
    // The bit behind the question is stored inverted: capabilities of the parameters are given back one by one.
    request.reply.body().set_u32(0, question).set_u16(2, 1);
    request.reply.send()
}

// ---- Writing ----

/// Where a struct lies in a message.
#[derive(Clone, Copy)]
struct Place {
    at: usize,
    data: usize,
    pointers: usize,
}

impl Place {
    fn pointer(&self, index: usize) -> usize {
        assert!(index < self.pointers, "the struct has no pointer {}", index);
        self.at + self.data + index
    }
}

struct Message {
    words: Vec<u64>,
    caps: Vec<Cap>,
    body: Place,
}

impl Message {
    fn new(kind: u16, data: usize, pointers: usize) -> Message {
        let mut message = Message { words: vec![0], caps: Vec::new(), body: Place { at: 0, data: 0, pointers: 0 } };
        let root = message.place(0, 1, 1);
        message.words[root.at] = kind as u64;
        message.body = message.place(root.pointer(0), data, pointers);
        message
    }

    fn body(&mut self) -> Builder {
        let place = self.body;
        Builder { message: self, place }
    }

    fn allocate(&mut self, words: usize) -> usize {
        let at = self.words.len();
        self.words.resize(at + words, 0);
        at
    }

    fn point(&mut self, pointer: usize, at: usize, kind: u64, high: u64) {
        let offset = (at as i64 - pointer as i64 - 1) as u32;
        self.words[pointer] = high << 32 | ((offset << 2) as u64) | kind;
    }

    fn place(&mut self, pointer: usize, data: usize, pointers: usize) -> Place {
        let at = self.allocate(data + pointers);
        // An empty struct points just before itself, so that it is not null.
        if data + pointers == 0 { self.words[pointer] = 0xffff_fffc; } else { self.point(pointer, at, 0, (pointers as u64) << 16 | data as u64); }
        Place { at, data, pointers }
    }

    fn set_bytes(&mut self, pointer: usize, bytes: &[u8], is_text: bool) {
        let all = bytes.len() + is_text as usize;
        let at = self.allocate((all + 7) / 8);
        self.point(pointer, at, 1, (all as u64) << 3 | 2);
        for (i, byte) in bytes.iter().enumerate() { self.words[at + i / 8] |= (*byte as u64) << (i % 8 * 8); }
    }

    /// Writes the table of the capabilities that a payload names, and counts what the host holds with it.
    fn write_caps(&mut self, payload: Place) {
        let caps = std::mem::take(&mut self.caps);
        if caps.is_empty() { return; }
        let at = self.allocate(1 + 2 * caps.len());
        self.point(payload.pointer(1), at, 1, (2 * caps.len() as u64) << 3 | 7);
        self.words[at] = 1 << 48 | 1 << 32 | (caps.len() as u64) << 2;
        for (i, cap) in caps.iter().enumerate() {
            self.words[at + 1 + 2 * i] = cap.descriptor();
            if let Kind::Own(kept) = &cap.0 { with_object(kept.0, |object| object.references += 1); }
        }
    }

    fn send(&self) -> Result<()> {
        let mut bytes = Vec::with_capacity(8 + self.words.len() * 8);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&(self.words.len() as u32).to_le_bytes());
        for word in &self.words { bytes.extend_from_slice(&word.to_le_bytes()); }
        write_all(&bytes)
    }
}

/// A struct that is being written. An index counts fields of that size from the start of its data; a pointer counts pointers.
pub struct Builder<'a> {
    message: &'a mut Message,
    place: Place,
}

impl<'a> Builder<'a> {
    fn set(&mut self, bit: usize, bits: usize, value: u64) -> &mut Self {
        assert!(bit + bits <= self.place.data * 64, "the struct has no such field");
        let mask = if bits == 64 { u64::MAX } else { ((1 << bits) - 1) << (bit % 64) };
        let word = &mut self.message.words[self.place.at + bit / 64];
        *word = *word & !mask | value << (bit % 64);
        self
    }

    pub fn set_bool(&mut self, index: usize, value: bool) -> &mut Self { self.set(index, 1, value as u64) }
    pub fn set_u16(&mut self, index: usize, value: u16) -> &mut Self { self.set(index * 16, 16, value as u64) }
    pub fn set_u32(&mut self, index: usize, value: u32) -> &mut Self { self.set(index * 32, 32, value as u64) }
    pub fn set_u64(&mut self, index: usize, value: u64) -> &mut Self { self.set(index * 64, 64, value) }

    pub fn set_text(&mut self, pointer: usize, text: &str) -> &mut Self {
        self.message.set_bytes(self.place.pointer(pointer), text.as_bytes(), true);
        self
    }

    pub fn set_data(&mut self, pointer: usize, bytes: &[u8]) -> &mut Self {
        self.message.set_bytes(self.place.pointer(pointer), bytes, false);
        self
    }

    pub fn set_texts(&mut self, pointer: usize, texts: &[&str]) -> &mut Self {
        let at = self.message.allocate(texts.len());
        self.message.point(self.place.pointer(pointer), at, 1, (texts.len() as u64) << 3 | 6);
        for (i, text) in texts.iter().enumerate() { self.message.set_bytes(at + i, text.as_bytes(), true); }
        self
    }

    pub fn set_cap(&mut self, pointer: usize, cap: &Cap) -> &mut Self {
        let index = self.message.caps.len() as u64;
        self.message.words[self.place.pointer(pointer)] = index << 32 | 3;
        self.message.caps.push(cap.clone());
        self
    }

    pub fn init(&mut self, pointer: usize, data: usize, pointers: usize) -> Builder {
        let place = self.message.place(self.place.pointer(pointer), data, pointers);
        Builder { message: self.message, place }
    }
}

// ---- Reading ----

struct Frame {
    words: Vec<u64>,
    segments: Vec<(usize, usize)>,
    caps: Vec<Option<Cap>>,
    /// Words that may still be read: a message cannot make the reader walk in circles.
    budget: Cell<usize>,
}

impl Frame {
    fn word(&self, segment: usize, at: usize) -> u64 { self.words[self.segments[segment].0 + at] }

    /// Whether that many words lie in the segment; they count against what may be read.
    fn holds(&self, segment: usize, at: usize, words: usize) -> bool {
        let fits = segment < self.segments.len() && at <= self.segments[segment].1 && words <= self.segments[segment].1 - at;
        if !fits || words + 1 > self.budget.get() { return false; }
        self.budget.set(self.budget.get() - words - 1);
        true
    }

    /// Follows far pointers: the word that describes the object, its segment, and where it lies.
    fn follow(&self, segment: usize, pointer: usize) -> Option<(u64, usize, usize)> {
        let value = self.word(segment, pointer);
        let near = |word: u64, from: usize| (from as i64 + 1 + ((word as u32 as i32) >> 2) as i64) as usize;
        if value & 3 != 2 { return Some((value, segment, near(value, pointer))); }
        let (pad, target) = ((value as u32 >> 3) as usize, (value >> 32) as usize);
        if value & 4 != 0 {
            if !self.holds(target, pad, 2) { return None; }
            let far = self.word(target, pad);
            return if far & 7 == 2 { Some((self.word(target, pad + 1), (far >> 32) as usize, (far as u32 >> 3) as usize)) } else { None };
        }
        if !self.holds(target, pad, 1) { return None; }
        let word = self.word(target, pad);
        if word & 3 == 2 { None } else { Some((word, target, near(word, pad))) }
    }

    fn view_at(&self, segment: usize, pointer: usize) -> View {
        let none = View { frame: self, segment: 0, at: 0, data: 0, pointers: 0 };
        if self.word(segment, pointer) == 0 { return none; }
        match self.follow(segment, pointer) {
            Some((word, segment, at)) if word & 3 == 0 => {
                let (data, pointers) = ((word >> 32 & 0xffff) as usize, (word >> 48) as usize);
                if self.holds(segment, at, data + pointers) { View { frame: self, segment, at, data, pointers } } else { none }
            }
            _ => none,
        }
    }

    fn root(&self) -> View {
        if self.holds(0, 0, 1) { self.view_at(0, 0) } else { View { frame: self, segment: 0, at: 0, data: 0, pointers: 0 } }
    }
}

/// A struct of a received message. What is not there reads as zero, null or empty.
#[derive(Clone, Copy)]
pub struct View<'a> {
    frame: &'a Frame,
    segment: usize,
    at: usize,
    data: usize,
    pointers: usize,
}

impl<'a> View<'a> {
    fn get(&self, bit: usize, bits: usize) -> u64 {
        if bit + bits > self.data * 64 { return 0; }
        let word = self.frame.word(self.segment, self.at + bit / 64) >> (bit % 64);
        if bits == 64 { word } else { word & ((1 << bits) - 1) }
    }

    fn pointer(&self, index: usize) -> Option<usize> { if index < self.pointers { Some(self.at + self.data + index) } else { None } }

    pub fn bool(&self, index: usize) -> bool { self.get(index, 1) != 0 }
    pub fn u16(&self, index: usize) -> u16 { self.get(index * 16, 16) as u16 }
    pub fn u32(&self, index: usize) -> u32 { self.get(index * 32, 32) as u32 }
    pub fn u64(&self, index: usize) -> u64 { self.get(index * 64, 64) }

    pub fn view(&self, pointer: usize) -> View<'a> {
        match self.pointer(pointer) {
            Some(at) => self.frame.view_at(self.segment, at),
            None => View { data: 0, pointers: 0, ..*self },
        }
    }

    pub fn data(&self, pointer: usize) -> Vec<u8> {
        let at = match self.pointer(pointer) { Some(at) if self.frame.word(self.segment, at) != 0 => at, _ => return Vec::new() };
        match self.frame.follow(self.segment, at) {
            Some((word, segment, at)) if word & 3 == 1 && word >> 32 & 7 == 2 => {
                let count = (word >> 35) as usize;
                if !self.frame.holds(segment, at, (count + 7) / 8) { return Vec::new(); }
                (0..count).map(|i| (self.frame.word(segment, at + i / 8) >> (i % 8 * 8)) as u8).collect()
            }
            _ => Vec::new(),
        }
    }

    pub fn text(&self, pointer: usize) -> String {
        let mut bytes = self.data(pointer);
        bytes.pop();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// The structs of a list; texts are structs with one pointer.
    pub fn list(&self, pointer: usize) -> Vec<View<'a>> {
        let at = match self.pointer(pointer) { Some(at) if self.frame.word(self.segment, at) != 0 => at, _ => return Vec::new() };
        let (word, segment, at) = match self.frame.follow(self.segment, at) { Some(found) => found, None => return Vec::new() };
        let (size, count) = (word >> 32 & 7, (word >> 35) as usize);
        if word & 3 != 1 || size < 6 || !self.frame.holds(segment, at, count + (size == 7) as usize) { return Vec::new(); }
        let (first, data, pointers, elements) = if size == 6 {
            (at, 0, 1, count)
        } else {
            let tag = self.frame.word(segment, at);
            (at + 1, (tag >> 32 & 0xffff) as usize, (tag >> 48) as usize, (tag as u32 >> 2) as usize)
        };
        if elements.checked_mul(data + pointers).map_or(true, |words| words > count) || elements > FRAME_WORDS_MAX { return Vec::new(); }
        (0..elements).map(|i| View { frame: self.frame, segment, at: first + i * (data + pointers), data, pointers }).collect()
    }

    /// A capability; none for null.
    pub fn cap(&self, pointer: usize) -> Option<Cap> {
        let value = self.frame.word(self.segment, self.pointer(pointer)?);
        if value as u32 != 3 { return None; }
        self.frame.caps.get((value >> 32) as usize)?.clone()
    }
}

// ---- The protocol ----

fn next_question() -> u32 {
    thread_local!(static NEXT: Cell<u32> = Cell::new(1));
    NEXT.with(|next| { next.set(next.get() + 1); next.get() })
}

fn cap_of(descriptor: View) -> Option<Cap> {
    match descriptor.u16(0) {
        SENDER_HOSTED | SENDER_PROMISE => Some(Cap(Kind::Host(Rc::new(Reference(descriptor.u32(1)))))),
        RECEIVER_HOSTED => {
            let id = descriptor.u32(1);
            with_object(id, |object| {
                let kept = object.kept.upgrade().unwrap_or_else(|| Rc::new(Kept(id)));
                object.kept = Rc::downgrade(&kept);
                Cap(Kind::Own(kept))
            })
        }
        _ => None,
    }
}

/// Takes what a return brings; the host forgets the call when the answer is dropped.
fn take_return(mut frame: Frame, question: u32) -> Result<Answer> {
    let which = frame.root().view(0).u16(3);
    let caps: Vec<Option<Cap>> = if which == 0 { frame.root().view(0).view(0).list(1).into_iter().map(cap_of).collect() } else { Vec::new() };
    frame.caps = caps;
    let answer = Answer { frame, question };
    match which {
        0 => Ok(answer),
        1 => { let why = answer.frame.root().view(0).view(0).text(0); Err(Error(why)) }
        _ => fail("the call was cancelled"),
    }
}

fn wait_for(question: u32) -> Result<Answer> {
    loop {
        let frame = receive()?;
        let (kind, id) = { let root = frame.root(); (root.u16(0), root.view(0).u32(0)) };
        if kind != RETURN {
            other(kind, frame)?;
        } else if id == question {
            return take_return(frame, id);
        } else {
            // Of a call that was posted, which has ended while another was waited for.
            drop(take_return(frame, id));
        }
    }
}

/// Waits for one message of the host and deals with it: the number of the posted call that has ended with it, if one has.
pub fn turn() -> Result<Option<u32>> {
    let frame = receive()?;
    let (kind, id) = { let root = frame.root(); (root.u16(0), root.view(0).u32(0)) };
    if kind != RETURN {
        other(kind, frame)?;
        return Ok(None);
    }
    drop(take_return(frame, id));
    Ok(Some(id))
}

/// What is no return.
fn other(kind: u16, frame: Frame) -> Result<()> {
    match kind {
        ABORT => fail("the host has ended the conversation"),
        CALL => answer_call(frame),
        RELEASE => {
            let root = frame.root();
            let release = root.view(0);
            let (id, count) = (release.u32(0), release.u32(1));
            with_object(id, |object| object.references = object.references.saturating_sub(count));
            drop_if_unused(id);
            Ok(())
        }
        RESOLVE => {
            // A promise has settled: it is used as it is, so what it settled to is given back.
            let root = frame.root();
            let resolve = root.view(0);
            if resolve.u16(2) == 0 { cap_of(resolve.view(0)); }
            Ok(())
        }
        _ => Ok(()),
    }
}

// ---- The socket ----

#[repr(C)]
struct Subscription {
    user: u64,
    tag: u8,
    pad: [u8; 7],
    descriptor: u32,
    rest: [u8; 28],
}

#[link(wasm_import_module = "ww")]
extern "C" {
    fn sock_read(buffer: *mut u8, length: u32, count: *mut u32) -> i32;
    fn sock_write(buffer: *const u8, length: u32, count: *mut u32) -> i32;
}

#[link(wasm_import_module = "wasi_snapshot_preview1")]
extern "C" {
    fn poll_oneoff(wanted: *const Subscription, events: *mut [u64; 4], count: u32, happened: *mut u32) -> i32;
}

fn wait(tag: u8) -> Result<()> {
    let wanted = Subscription { user: 0, tag, pad: [0; 7], descriptor: SOCKET, rest: [0; 28] };
    let (mut event, mut happened) = ([0u64; 4], 0u32);
    if unsafe { poll_oneoff(&wanted, &mut event, 1, &mut happened) } == 0 { Ok(()) } else { fail("cannot wait for the socket") }
}

fn write_all(mut bytes: &[u8]) -> Result<()> {
    while !bytes.is_empty() {
        let mut put = 0u32;
        match unsafe { sock_write(bytes.as_ptr(), bytes.len() as u32, &mut put) } {
            0 => bytes = &bytes[put as usize..],
            EAGAIN => wait(POLL_WRITE)?,
            _ => return fail("the host has closed the socket"),
        }
    }
    Ok(())
}

fn read_all(bytes: &mut [u8]) -> Result<()> {
    let mut done = 0;
    while done < bytes.len() {
        let mut got = 0u32;
        let rest = &mut bytes[done..];
        match unsafe { sock_read(rest.as_mut_ptr(), rest.len() as u32, &mut got) } {
            0 if got > 0 => done += got as usize,
            EAGAIN => wait(POLL_READ)?,
            _ => return fail("the host has closed the socket"),
        }
    }
    Ok(())
}

fn receive() -> Result<Frame> {
    let mut four = [0u8; 4];
    read_all(&mut four)?;
    let count = u32::from_le_bytes(four) as usize + 1;
    if count > SEGMENTS_MAX { return fail("the host sends too many segments"); }
    // The table of sizes is padded to whole words.
    let mut table = vec![0u8; 4 * (count + (count + 1) % 2)];
    read_all(&mut table)?;
    let mut segments = Vec::with_capacity(count);
    let mut total = 0;
    for i in 0..count {
        let size = u32::from_le_bytes([table[4 * i], table[4 * i + 1], table[4 * i + 2], table[4 * i + 3]]) as usize;
        if size > FRAME_WORDS_MAX - total { return fail("the host sends too large a message"); }
        segments.push((total, size));
        total += size;
    }
    let mut bytes = vec![0u8; total * 8];
    read_all(&mut bytes)?;
    let words = bytes.chunks_exact(8).map(|word| { let mut all = [0; 8]; all.copy_from_slice(word); u64::from_le_bytes(all) }).collect();
    Ok(Frame { words, segments, caps: Vec::new(), budget: Cell::new(FRAME_WORDS_MAX) })
}
