@0xe82706a772b0927b;
# Running programs: a peer runs WebAssembly modules, which reach the capabilities that they are handed and nothing else.

using Session = import "session.capnp".Session;
using Process = import "process.capnp";

interface Executor {
  # Runs programs on one node. One that was granted with a session sees and kills all that the node runs, one that belongs to a program what is below that
  # program. What was started through one that came with a login is killed when its last reference is gone: programs end with the connection of their starter.

  exec @0 (session :Session, bytecode :Data, ppid :UInt32, args :List(Text), stdio :Process.Stdio, env :List(Text)) -> (process :Process.Process, pid :UInt32, cid :Data);
  # Starts a program, which finds `session` in its BootContext. `ppid` 0 makes it a child of whoever the executor belongs to; otherwise
  # the parent must be one of its descendants. A child dies with its parent. Entries of `env` are "NAME=value".

  execCached @1 (session :Session, cid :Data, ppid :UInt32, args :List(Text), stdio :Process.Stdio, env :List(Text)) -> (process :Process.Process, pid :UInt32, cid :Data);
  # The same, of bytecode that the node has.

  cache @2 () -> (cache :Process.BytecodeCache);

  list @3 () -> (processes :List(Process.Info));
  # Those that live, parents before their children.

  kill @4 (pid :UInt32) -> ();
  # Kills a process and its descendants.

  lease @5 () -> (executor :Executor);
  # Another executor of the same owner and budget, which sees and kills only what is started through it. What is started through it is killed when its last
  # reference is gone, and when the executor that it was leased from is.
}
