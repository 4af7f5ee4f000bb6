@0xa93fc509624c72d9;
# How a schema describes itself: what the capnp compiler hands to its plugins, and what is loaded to read messages without generated code.
# File id, names and ordinals are those of the published file (capnproto.org, schema.capnp of the 1.x releases), so the bytes are the same; the
# comments are ours.

using Id = UInt64;
# Names a declaration for good. The top bit is always set.

struct Node {
  # One declaration.

  id @0 :Id;
  # Its id.

  displayName @1 :Text;
  # File, scopes and name, for people.

  displayNamePrefixLength @2 :UInt32;
  # How many bytes of displayName come before the declaration's own name.

  scopeId @3 :Id;
  # The declaration around it; zero for a file, and for the struct that a method's parameter list declares.

  parameters @32 :List(Parameter);
  # Its own type parameters.

  isGeneric @33 :Bool;
  # Whether it or anything around it has type parameters.

  struct Parameter {
    # A type parameter.

    name @0 :Text;
    # Its name.
  }

  nestedNodes @4 :List(NestedNode);
  # The declarations directly inside, groups excepted.

  struct NestedNode {
    # A declaration inside another.

    name @0 :Text;
    # Its name there.

    id @1 :Id;
    # Its id.
  }

  annotations @5 :List(Annotation);
  # What was annotated on it.

  union {
    file @6 :Void;
    # A schema file.

    struct :group {
      # A struct or a group.

      dataWordCount @7 :UInt16;
      # Words of the data section.

      pointerCount @8 :UInt16;
      # Pointers of the pointer section.

      preferredListEncoding @9 :ElementSize;
      # How a list of it would be encoded if it were the smallest possible.

      isGroup @10 :Bool;
      # Whether it lives inside the struct around it.

      discriminantCount @11 :UInt16;
      # Members of its union; zero, or at least two.

      discriminantOffset @12 :UInt32;
      # Where the union's tag is, in units of 16 bits.

      fields @13 :List(Field);
      # Its fields by ordinal.
    }

    enum :group {
      # An enum.

      enumerants @14 :List(Enumerant);
      # Its values by number.
    }

    interface :group {
      # An interface.

      methods @15 :List(Method);
      # Its methods by ordinal.

      superclasses @31 :List(Superclass);
      # What it extends.
    }

    const :group {
      # A constant.

      type @16 :Type;
      # Its type.

      value @17 :Value;
      # Its value.
    }

    annotation :group {
      # An annotation's declaration.

      type @18 :Type;
      # The type of its value.

      targetsFile @19 :Bool;
      targetsConst @20 :Bool;
      targetsEnum @21 :Bool;
      targetsEnumerant @22 :Bool;
      targetsStruct @23 :Bool;
      targetsField @24 :Bool;
      targetsUnion @25 :Bool;
      targetsGroup @26 :Bool;
      targetsInterface @27 :Bool;
      targetsMethod @28 :Bool;
      targetsParam @29 :Bool;
      targetsAnnotation @30 :Bool;
    }
  }

  struct SourceInfo {
    # What the schema's text says beyond its meaning.

    id @0 :Id;
    # The declaration it is about.

    docComment @1 :Text;
    # The comment on it.

    members @2 :List(Member);
    # The comments on its fields, enumerants or methods, in the order of those lists.

    struct Member {
      # What the text says about a member.

      docComment @0 :Text;
      # The comment on it.
    }
  }
}

struct Field {
  # A field of a struct.

  name @0 :Text;
  # Its name.

  codeOrder @1 :UInt16;
  # Its position in the text.

  annotations @2 :List(Annotation);
  # What was annotated on it.

  const noDiscriminant :UInt16 = 0xffff;
  # Marks a field that belongs to no union.

  discriminantValue @3 :UInt16 = Field.noDiscriminant;
  # The union tag that selects it.

  union {
    slot :group {
      # A field with a place of its own.

      offset @4 :UInt32;
      # Where, in units of its own size, from the start of its section.

      type @5 :Type;
      # Its type.

      defaultValue @6 :Value;
      # What it says when its bits are all zero.

      hadExplicitDefault @10 :Bool;
      # Whether the text gives the default.
    }

    group :group {
      # A group of fields.

      typeId @7 :Id;
      # The struct that stands for the group.
    }
  }

  ordinal :union {
    implicit @8 :Void;
    # The text gives none (a group).

    explicit @9 :UInt16;
    # The number after the @.
  }
}

struct Enumerant {
  # A value of an enum; its number is its position.

  name @0 :Text;
  # Its name.

  codeOrder @1 :UInt16;
  # Its position in the text.

  annotations @2 :List(Annotation);
  # What was annotated on it.
}

struct Superclass {
  # An interface that another one extends.

  id @0 :Id;
  # The interface.

  brand @1 :Brand;
  # Its type arguments.
}

struct Method {
  # A method of an interface; its ordinal is its position.

  name @0 :Text;
  # Its name.

  codeOrder @1 :UInt16;
  # Its position in the text.

  implicitParameters @7 :List(Node.Parameter);
  # Type parameters of its own, which callers never state.

  paramStructType @2 :Id;
  # The struct of its arguments.

  paramBrand @5 :Brand;
  # That struct's type arguments.

  resultStructType @3 :Id;
  # The struct of its results.

  resultBrand @6 :Brand;
  # That struct's type arguments.

  annotations @4 :List(Annotation);
  # What was annotated on it.
}

struct Type {
  # A type.

  union {
    void @0 :Void;
    bool @1 :Void;
    int8 @2 :Void;
    int16 @3 :Void;
    int32 @4 :Void;
    int64 @5 :Void;
    uint8 @6 :Void;
    uint16 @7 :Void;
    uint32 @8 :Void;
    uint64 @9 :Void;
    float32 @10 :Void;
    float64 @11 :Void;
    text @12 :Void;
    data @13 :Void;

    list :group {
      elementType @14 :Type;
      # What the list holds.
    }

    enum :group {
      typeId @15 :Id;
      brand @21 :Brand;
    }

    struct :group {
      typeId @16 :Id;
      brand @22 :Brand;
    }

    interface :group {
      typeId @17 :Id;
      brand @23 :Brand;
    }

    anyPointer :union {
      # A pointer whose type is not known here.

      unconstrained :union {
        anyKind @18 :Void;
        # Anything.

        struct @25 :Void;
        # Any struct.

        list @26 :Void;
        # Any list.

        capability @27 :Void;
        # Any capability.
      }

      parameter :group {
        # A type parameter of a declaration around.

        scopeId @19 :Id;
        # Which declaration.

        parameterIndex @20 :UInt16;
        # Which of its parameters.
      }

      implicitMethodParameter :group {
        # A type parameter of the method.

        parameterIndex @24 :UInt16;
        # Which of them.
      }
    }
  }
}

struct Brand {
  # The type arguments in a reference to a generic declaration.

  scopes @0 :List(Scope);
  # Arguments by declaration; one that is missing here leaves its parameters unbound.

  struct Scope {
    # The arguments for one declaration's parameters.

    scopeId @0 :Id;
    # The declaration.

    union {
      bind @1 :List(Binding);
      # The arguments, in order.

      inherit @2 :Void;
      # The reference stands inside the declaration and means the same arguments.
    }
  }

  struct Binding {
    # One argument.

    union {
      unbound @0 :Void;
      # Anything.

      type @1 :Type;
      # This type, which must be one that pointers point to.
    }
  }
}

struct Value {
  # A constant, a default or an annotation's value.

  union {
    void @0 :Void;
    bool @1 :Bool;
    int8 @2 :Int8;
    int16 @3 :Int16;
    int32 @4 :Int32;
    int64 @5 :Int64;
    uint8 @6 :UInt8;
    uint16 @7 :UInt16;
    uint32 @8 :UInt32;
    uint64 @9 :UInt64;
    float32 @10 :Float32;
    float64 @11 :Float64;
    text @12 :Text;
    data @13 :Data;

    list @14 :AnyPointer;
    # The list itself.

    enum @15 :UInt16;
    # The enumerant's number.

    struct @16 :AnyPointer;
    # The struct itself.

    interface @17 :Void;
    # Only null can be written down.

    anyPointer @18 :AnyPointer;
    # The thing itself.
  }
}

struct Annotation {
  # An annotation that was applied.

  id @0 :Id;
  # Its declaration.

  brand @2 :Brand;
  # That declaration's type arguments.

  value @1 :Value;
  # The value it was given.
}

enum ElementSize {
  # How a list encodes its elements.

  empty @0;
  bit @1;
  byte @2;
  twoBytes @3;
  fourBytes @4;
  eightBytes @5;
  pointer @6;
  inlineComposite @7;
}

struct CapnpVersion {
  # A version of the compiler.

  major @0 :UInt16;
  minor @1 :UInt8;
  micro @2 :UInt8;
}

struct CodeGeneratorRequest {
  # What a plugin reads from its standard input.

  capnpVersion @2 :CapnpVersion;
  # Who wrote it; missing before 0.6.

  nodes @0 :List(Node);
  # Every declaration of the requested files and whatever they use.

  sourceInfo @3 :List(Node.SourceInfo);
  # Comments on them; missing before 0.9.

  requestedFiles @1 :List(RequestedFile);
  # The files to generate code for.

  struct RequestedFile {
    # A file that was named on the command line.

    id @0 :Id;
    # Its node.

    filename @1 :Text;
    # Its path as named.

    imports @2 :List(Import);
    # The files it imports and uses.

    struct Import {
      # An import.

      id @0 :Id;
      # The imported file.

      name @1 :Text;
      # As the import statement names it.
    }
  }
}
