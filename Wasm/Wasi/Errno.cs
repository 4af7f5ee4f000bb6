namespace Wetware.Wasm.Wasi;

/// <summary>The error numbers of WASI preview 1 that are used here.</summary>
internal enum Errno
{
    Success = 0,
    Access = 2,
    Again = 6,
    BadF = 8,
    Busy = 10,
    Exist = 20,
    Fault = 21,
    FBig = 22,
    IlSeq = 25,
    Inval = 28,
    Io = 29,
    IsDir = 31,
    Loop = 32,
    MFile = 33,
    NameTooLong = 37,
    NoEnt = 44,
    NoSpc = 51,
    NoSys = 52,
    NotDir = 54,
    NotEmpty = 55,
    NotSock = 57,
    NotSup = 58,
    Perm = 63,
    Pipe = 64,
    SPipe = 70,
    NotCapable = 76,
}
