namespace LogitSeparation.Core.Runtime;

/// <summary>What is done with a native library, and whether it may be absent.</summary>
internal enum NativeRole
{
    /// <summary>A dependency of libtorch, loaded by path before it; another build of libtorch may have it under another name.</summary>
    Support,

    /// <summary>Found by libtorch by name at run time: loaded by path if it can be, and no error otherwise.</summary>
    Preload,

    /// <summary>Only has to lie in the same folder: libtorch opens it when it needs it.</summary>
    Beside,

    /// <summary>A part of libtorch itself, loaded by path; nothing works without it.</summary>
    Torch,

    /// <summary>The library of TorchSharp over libtorch, loaded last.</summary>
    Binding,
}
