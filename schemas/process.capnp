@0x9a51e53177277763;
# One program that runs, and what it needs.

using Session = import "session.capnp".Session;

using Cid = Data;
using Pid = UInt32;

interface BytecodeCache {
  # Modules by their content id: a binary CIDv1 of raw bytes and their SHA-256. Bounded: what is used least is forgotten.

  put @0 (bytecode :Data) -> (cid :Cid);
  get @1 (cid :Cid) -> (bytecode :Data);
  # Null where there is none.

  has @2 (cid :Cid) -> (has :Bool);
}

interface Process {
  wait @0 () -> (exitCode :UInt32, ending :Ending, reason :Text);
  # Returns when the program has ended and its output has been taken, however it ended. Any number of times.

  kill @1 () -> ();
  # Kills it and its descendants. Does nothing to one that has ended.
}

enum Ending {
  exited @0;
  # By itself, with the exit code it chose.

  trapped @1;
  # It did what WebAssembly forbids, or reached a limit; the exit code is 134.

  killed @2;
  # From outside; the exit code is 137.
}

struct Info {
  pid @0 :Pid;
  ppid @1 :Pid;
  cid @2 :Cid;
  argv @3 :List(Text);
  time @4 :Int64;
  # When it began: milliseconds since 1970.
}

struct Stdio {
  # Where a program's standard streams lead; null for nowhere.

  input @0 :ByteSource;
  output @1 :ByteSink;
  error @2 :ByteSink;
}

interface ByteSource {
  read @0 (bytesMax :UInt32) -> (bytes :Data);
  # Waits for at least one byte; none is the end.
}

interface ByteSink {
  write @0 (bytes :Data) -> stream;

  end @1 () -> ();
  # No more will come.
}

interface BootContext {
  # What a program is given: the bootstrap capability of the socket in module "ww".

  pid @0 () -> (pid :Pid);
  cid @1 () -> (cid :Cid);
  args @2 () -> (args :List(Text));
  session @3 () -> (session :Session);
  # The capabilities that it was started with; its executor starts children of the program.
}
