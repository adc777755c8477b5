namespace LogitSeparation.Core.Data;

/// <summary>What is known of a data set before it is opened.</summary>
/// <param name="Name">The name to open it by.</param>
/// <param name="Description">What it holds.</param>
/// <param name="ClassCount">The number of classes, k; null where unknown before reading.</param>
/// <param name="ExampleShape">The shape of one example: channels, height, width; null where unknown before reading.</param>
/// <param name="TrainCount">The number of training examples, validation included; null where unknown before reading.</param>
/// <param name="TestCount">The number of test examples; null where unknown before reading.</param>
/// <param name="IsAvailable">Whether it can be opened without a download.</param>
/// <param name="Location">The folder it was found in; <c>embedded</c>; null where it is not on this machine.</param>
/// <param name="Problem">What is wrong with the folder at <paramref name="Location"/>; null where nothing is.</param>
/// <param name="License">The terms of use; null where unknown.</param>
/// <param name="Source">Who made it, and where it comes from; null where unknown.</param>
public sealed record DatasetInfo(
    string Name, string Description, int? ClassCount, IReadOnlyList<int>? ExampleShape, int? TrainCount, int? TestCount,
    bool IsAvailable, string? Location, string? Problem, string? License, string? Source);
