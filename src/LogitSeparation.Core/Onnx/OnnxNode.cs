namespace LogitSeparation.Core.Onnx;

/// <summary>One operation of a graph.</summary>
/// <param name="Kind">The operator's name, e.g. <c>Gemm</c>.</param>
/// <param name="Inputs">The names of what it takes.</param>
/// <param name="Output">The name of what it gives.</param>
/// <param name="Numbers">Its attributes that are one whole number.</param>
/// <param name="Lists">Its attributes that are several.</param>
internal sealed record OnnxNode(
    string Kind, IReadOnlyList<string> Inputs, string Output, IReadOnlyList<(string Name, long Value)> Numbers,
    IReadOnlyList<(string Name, long[] Values)> Lists);
