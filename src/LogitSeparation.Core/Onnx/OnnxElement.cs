namespace LogitSeparation.Core.Onnx;

/// <summary>The kinds of numbers in a graph, by their number in the format (TensorProto.DataType).</summary>
internal enum OnnxElement
{
    /// <summary>Float32.</summary>
    Float = 1,

    /// <summary>Int64.</summary>
    Int64 = 7,
}
