// What an AssemblyScript program sees of its host; every language's program of this folder prints the same.
import {
  clockid, clock_time_get, errno, fd_close, fd_read, fd_write, iovec, oflags, path_open, rights
} from "@assemblyscript/wasi-shim/assembly/bindings/wasi_snapshot_preview1";

const FOLDER = 3;

function transfer(fd: u32, bytes: ArrayBuffer, write: bool): i32 {
  const vector = memory.data(8);
  store<usize>(vector, changetype<usize>(bytes));
  store<usize>(vector, bytes.byteLength, sizeof<usize>());
  const done = memory.data(4);
  const failed = write ? fd_write(fd, vector, 1, done) : fd_read(fd, vector, 1, done);
  return failed == errno.SUCCESS ? load<i32>(done) : -1;
}

function open(path: string, flags: oflags, wanted: rights): i32 {
  const name = String.UTF8.encode(path);
  const fd = memory.data(4);
  const failed = path_open(FOLDER, 0, changetype<usize>(name), name.byteLength, flags, wanted, 0, 0, fd);
  return failed == errno.SUCCESS ? load<i32>(fd) : -1;
}

function refused(path: string): string {
  return open(path, 0, rights.FD_READ) < 0 ? "refused" : "allowed";
}

console.log("arguments: " + process.argv.slice(1).join("|"));
console.log("env: " + (process.env.has("GREETING") ? process.env.get("GREETING") : ""));

const input = new ArrayBuffer(256);
const length = transfer(0, input, false);
console.log("in: " + String.UTF8.decode(input.slice(0, length)).trimEnd().split("\n").join("|"));

let file = open("note.txt", oflags.CREAT | oflags.TRUNC, rights.FD_WRITE);
transfer(file, String.UTF8.encode("one two two three three three"), true);
fd_close(file);
file = open("note.txt", 0, rights.FD_READ);
const bytes = new ArrayBuffer(256);
const text = String.UTF8.decode(bytes.slice(0, transfer(file, bytes, false)));
fd_close(file);
const counts = new Map<string, i32>();
const words = text.split(" ");
for (let i = 0; i < words.length; i++) {
  counts.set(words[i], (counts.has(words[i]) ? counts.get(words[i]) : 0) + 1);
}
const keys = counts.keys().sort();
console.log("file: " + keys.map<string>(key => key + "=" + counts.get(key).toString()).join(" "));

console.log("up: " + refused("../secret"));
console.log("not granted: " + refused("/etc/passwd"));

const began = process.hrtime();
const now = memory.data(8);
while (process.hrtime() - began < 2_000_000) {}
clock_time_get(clockid.REALTIME, 0, now);
console.log("clocks: " + (Date.now() > 1_600_000_000_000 && load<u64>(now) > 1_600_000_000_000_000_000).toString());
process.stderr.write("to error\n");
process.exit(42);
