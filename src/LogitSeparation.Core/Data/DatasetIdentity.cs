namespace LogitSeparation.Core.Data;

/// <summary>
/// What is needed to open the same data set with the same splits again, and to notice that it is another. Plain values,
/// as they stand in a saved model's metadata.
/// </summary>
/// <param name="Name">The catalogue name (<c>MNIST</c>), or a name made from the files.</param>
/// <param name="Path">The folder or files it was read from; null for an embedded data set.</param>
/// <param name="Checksum">SHA-256 (lower-case hex) over all pixel bytes and labels in file order.</param>
/// <param name="Seed">The seed of the validation split.</param>
/// <param name="ValidationCount">The number of validation examples.</param>
public sealed record DatasetIdentity(string Name, string? Path, string Checksum, int Seed, int ValidationCount);
