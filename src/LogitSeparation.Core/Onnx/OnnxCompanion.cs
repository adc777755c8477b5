namespace LogitSeparation.Core.Onnx;

/// <summary>
/// The file beside an ONNX file in which large arrays lie, as the format has it for graphs above 2 GiB (TensorProto.external_data): each begins
/// at a multiple of 4096 bytes, so that it can be mapped into memory.
/// </summary>
internal sealed class OnnxCompanion
{
    private const int Alignment = 4096;
    private const long LeastBytes = 1024;

    private readonly Dictionary<OnnxConstant, long> _places = [];

    /// <summary>Finds a place for each large array.</summary>
    /// <param name="name">The file's name, without a folder.</param>
    /// <param name="constants">The graph's arrays.</param>
    public OnnxCompanion(string name, IEnumerable<OnnxConstant> constants)
    {
        Name = name;
        var end = 0L;
        foreach (var constant in constants.Where(constant => constant.ByteLength >= LeastBytes))
        {
            var place = (end + Alignment - 1) / Alignment * Alignment;
            _places.Add(constant, place);
            end = place + constant.ByteLength;
        }
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>Where an array lies; null for one that stays in the ONNX file.</summary>
    public long? Find(OnnxConstant constant) => _places.TryGetValue(constant, out var place) ? place : null;

    /// <summary>Writes the arrays.</summary>
    /// <param name="stream">The file.</param>
    public void WriteTo(Stream stream)
    {
        var end = 0L;
        foreach (var (constant, place) in _places.OrderBy(item => item.Value))
        {
            stream.Write(new byte[place - end]);
            constant.WriteTo(stream);
            end = place + constant.ByteLength;
        }
    }
}
