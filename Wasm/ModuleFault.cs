namespace Wetware.Wasm;

/// <summary>Why a module was refused.</summary>
public enum ModuleFault
{
    /// <summary>The bytes are not a module.</summary>
    Malformed,

    /// <summary>The bytes are a module that breaks a validation rule.</summary>
    Invalid,

    /// <summary>The module is larger than a limit of <see cref="ModuleLimits"/> allows, or took too long to compile.</summary>
    LimitExceeded,
}
