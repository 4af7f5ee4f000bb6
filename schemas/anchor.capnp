@0xefb5a91f96d44de3;
# Shared registers, in a tree for each node of the cluster: /<peer id>/some/path.

using Process = import "process.capnp".Process;
using Session = import "session.capnp".Session;

interface Anchor {
  # One register and those below it. Whoever holds an anchor reaches its children and not its parent.

  ls @0 () -> (children :List(Child));
  # Ordered by name.

  walk @1 (path :Text) -> (anchor :Anchor);
  # What is not there is made. An anchor is there as long as somebody holds it, it holds a value, or one below it is there.

  cell @2 () -> (loader :Loader, storer :Storer, swapper :Swapper);
  # What is withheld is null: the loader is the permission to read, the storer to write, the swapper both at once.

  struct Child {
    anchor @0 :Anchor;
    name @1 :Text;
  }

  struct Value {
    union {
      null @0 :Void;
      data @1 :Data;
      process @2 :Process;
      cap @3 :Capability;
      session @4 :Session;
      # What the holder may do with a node. The anchor of a node holds it, and none can be stored.
    }
  }

  interface Loader {
    load @0 () -> (value :Value, version :UInt64);
    # The version is another after every change, and 0 while nothing was ever stored.
  }

  interface Storer {
    store @0 (value :Value, overwrite :Bool) -> (succeeded :Bool);
    # Fails if there is a value and `overwrite` is false. Storing null over a value clears it.
  }

  interface Swapper {
    swap @0 (new :Value) -> (old :Value);
    compareAndSwap @1 (old :Value, new :Value) -> (swapped :Bool);
    # Data is equal by its bytes; capabilities are equal if they are known to be the same object.

    update @2 (version :UInt64, new :Value) -> (updated :Bool);
    # Stores if the value is still the one that was loaded with that version.
  }
}
