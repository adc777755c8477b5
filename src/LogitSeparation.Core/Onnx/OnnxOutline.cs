using LogitSeparation.Core.Formats;

namespace LogitSeparation.Core.Onnx;

/// <summary>
/// What an ONNX file names, without its numbers: what the operations of its graph compute, and the files beside it in which large arrays lie
/// (TensorProto.external_data). Field numbers are those of onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
/// </summary>
internal sealed class OnnxOutline
{
    private const int MostNameBytes = 1 << 16;
    private const int MostDepth = 64;

    private readonly ProtoReader _reader;
    private readonly SortedSet<string> _companions = new(StringComparer.Ordinal);
    private readonly HashSet<string> _computed = new(StringComparer.Ordinal);

    private OnnxOutline(ProtoReader reader) => _reader = reader;

    /// <summary>The names of all that the graph computes, its outputs among them.</summary>
    public IReadOnlySet<string> Computed => _computed;

    /// <summary>The files of external data, relative to the folder of the ONNX file, in order.</summary>
    public IReadOnlyCollection<string> Companions => _companions;

    /// <summary>Reads it; of a file in another format that ONNX Runtime knows it says nothing.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SlcException">Those of reading a file.</exception>
    public static OnnxOutline Read(string path)
    {
        using var file = InputFile.Open(path);
        return FileFailure.Guard(path, () =>
        {
            var outline = new OnnxOutline(new(file));
            try
            {
                outline.ReadModel(file.Length);
            }
            catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
            {
                outline._companions.Clear();
                outline._computed.Clear();
            }

            return outline;
        });
    }

    private void ReadModel(long length)
    {
        foreach (var field in _reader.Fields(0, length))
        {
            if (field.Number == 7)
                ReadGraph(field, 0);
            else if (field.Number == 25)
                ReadNodes(field, nodes: 7, depth: 1);
        }
    }

    private void ReadGraph(ProtoReader.Field graph, int depth)
    {
        ReadNodes(graph, nodes: 1, depth);
        foreach (var field in _reader.Fields(graph.Start, graph.End))
        {
            if (field.Number == 5)
                ReadTensor(field);
            else if (field.Number == 15)
                ReadSparseTensor(field);
        }
    }

    private void ReadNodes(ProtoReader.Field owner, int nodes, int depth)
    {
        if (depth > MostDepth)
            throw new InvalidDataException("graphs within graphs have no end");
        foreach (var node in _reader.Fields(owner.Start, owner.End).Where(field => field.Number == nodes))
        {
            foreach (var field in _reader.Fields(node.Start, node.End))
            {
                if (field.Number == 2 && depth == 0)
                    _computed.Add(_reader.ReadText(field, MostNameBytes));
                else if (field.Number == 5)
                    ReadAttribute(field, depth);
            }
        }
    }

    private void ReadAttribute(ProtoReader.Field attribute, int depth)
    {
        foreach (var field in _reader.Fields(attribute.Start, attribute.End))
        {
            switch (field.Number)
            {
                case 5 or 10:
                    ReadTensor(field);
                    break;
                case 6 or 11:
                    ReadGraph(field, depth + 1);
                    break;
                case 22 or 23:
                    ReadSparseTensor(field);
                    break;
            }
        }
    }

    private void ReadSparseTensor(ProtoReader.Field sparse)
    {
        foreach (var field in _reader.Fields(sparse.Start, sparse.End).Where(field => field.Number is 1 or 2))
            ReadTensor(field);
    }

    private void ReadTensor(ProtoReader.Field tensor)
    {
        foreach (var entry in _reader.Fields(tensor.Start, tensor.End).Where(field => field.Number == 13))
        {
            var parts = _reader.Fields(entry.Start, entry.End).ToArray();
            var (key, value) = (Array.Find(parts, part => part.Number == 1), Array.FindLast(parts, part => part.Number == 2));
            if (key.End > 0 && value.End > 0 && _reader.ReadText(key, MostNameBytes) == "location")
                _companions.Add(_reader.ReadText(value, MostNameBytes));
        }
    }
}
