using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using LogitSeparation.Core.Formats;
using Xunit;

namespace LogitSeparation.Core.Tests.Formats;

public sealed class SafeTensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void What_is_written_is_read()
    {
        var path = WriteSample();

        var file = SafeTensorsFile.Read(path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(["head.weight", "labels", "loss", "none", "pixels"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(new[] { 1f, float.NaN, float.NegativeInfinity, -0f, 5, 6 }, file.Tensors["head.weight"].Values);
        Assert.Equal([2, 3], file.Tensors["head.weight"].Shape);
        Assert.Equal(new[] { long.MinValue, 2 }, file.Tensors["labels"].Values);
        Assert.Equal(new[] { 0.1 }, file.Tensors["loss"].Values);
        Assert.Empty(file.Tensors["loss"].Shape);
        Assert.Empty(file.Tensors["none"].Values);
        Assert.Equal(new byte[] { 1, 2, 3 }, file.Tensors["pixels"].Values);
        Assert.Equal(new Dictionary<string, string> { ["slc"] = "{\"name\":\"Ä\"}" }, file.Metadata);
    }

    [Fact]
    public void Every_tensor_is_aligned()
    {
        var bytes = File.ReadAllBytes(WriteSample());
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);

        Assert.Equal(0, length % 8);
        Assert.Equal((byte)'{', bytes[8]);
        // Eight-byte elements first, then four, then one: so each begins at a multiple of its size.
        var data = bytes.AsSpan(8 + (int)length);
        Assert.Equal(8 * 3 + 4 * 6 + 3, data.Length);
        Assert.Equal(long.MinValue, BinaryPrimitives.ReadInt64LittleEndian(data));
        Assert.Equal(0.1, BinaryPrimitives.ReadDoubleLittleEndian(data[16..]));
        Assert.Equal(1f, BinaryPrimitives.ReadSingleLittleEndian(data[24..]));
    }

    [Fact]
    public void Half_precision_is_widened()
    {
        var path = Write("""{"b":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]},"h":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}  """,
            [0x80, 0x3f, 0x20, 0xc0, 0x00, 0x3c]);

        var file = SafeTensorsFile.Read(path, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(new[] { 1f, -2.5f }, file.Tensors["b"].Values);
        Assert.Equal(new[] { 1f }, file.Tensors["h"].Values);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "need 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""", "need 16 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2000000000,2000000000],"data_offsets":[0,8]}}""", "does not fit")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "whole number")]
    [InlineData("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", "F8_E4M3")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "twice")]
    [InlineData("""{"__metadata__":{"x":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "metadata")]
    [InlineData("""{"__metadata__":{"sha256":"00"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "checksum")]
    [InlineData("[1]", "not a JSON object")]
    [InlineData("{,", "JSON")]
    public void Other_headers_are_errors(string header, string expected)
    {
        var path = Write(header, new byte[8]);

        var error = Assert.Throws<SlcException>(() => SafeTensorsFile.Read(path, cancellationToken: TestContext.Current.CancellationToken));

        Assert.Equal("SafeTensorsFileDamaged", error.ErrorId);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(1_000_000_000L)]
    [InlineData(-1L)]
    public void A_header_longer_than_the_file_is_not_believed(long length)
    {
        var bytes = File.ReadAllBytes(WriteSample());
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);

        Assert.Contains("header claims", Assert.Throws<SlcException>(() => SafeTensorsFile.Read(_folder.Write("a", bytes), cancellationToken: TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_damage_is_noticed()
    {
        var intact = File.ReadAllBytes(WriteSample());

        Damage.Truncate(intact, Describe);
        Damage.Flip(intact, Describe);
    }

    public void Dispose() => _folder.Dispose();

    private static string Describe(string path)
    {
        var file = SafeTensorsFile.Read(path);
        var tensors = file.Tensors.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => string.Create(CultureInfo.InvariantCulture,
            $"{item.Key} {item.Value.ElementType} {item.Value.ShapeText}: {string.Join(' ', item.Value.Values.Cast<object>())}"));
        // Where the checksum's own key is damaged it is no checksum, and the rest is whole.
        return string.Join('\n', tensors.Append(file.Metadata["slc"]));
    }

    private string WriteSample()
    {
        var tensors = new Dictionary<string, DenseArray>
        {
            ["pixels"] = DenseArray.Create<byte>([1, 2, 3], 3),
            ["head.weight"] = DenseArray.Create([1f, float.NaN, float.NegativeInfinity, -0f, 5, 6], 2, 3),
            ["labels"] = DenseArray.Create([long.MinValue, 2], 2),
            ["loss"] = DenseArray.Create([0.1]),
            ["none"] = DenseArray.Create(Array.Empty<int>(), 0, 7),
        };
        new SafeTensorsFile(tensors, new Dictionary<string, string> { ["slc"] = "{\"name\":\"Ä\"}" }).Write(_folder["sample.safetensors"]);
        return _folder["sample.safetensors"];
    }

    private string Write(string header, byte[] data)
    {
        var json = Encoding.UTF8.GetBytes(header);
        return _folder.Write("a.safetensors", [.. BitConverter.GetBytes((long)json.Length), .. json, .. data]);
    }
}
