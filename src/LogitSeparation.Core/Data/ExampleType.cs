namespace LogitSeparation.Core.Data;

/// <summary>What the numbers of an example are held as.</summary>
internal enum ExampleType
{
    /// <summary>Unsigned bytes, as pictures have.</summary>
    Byte,

    /// <summary>Float32, as features have.</summary>
    Single,
}
