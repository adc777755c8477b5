using System.Runtime.InteropServices;
using LogitSeparation.Core.Models;
using LogitSeparation.Core.Runtime;
using TorchSharp;

namespace LogitSeparation.Core.Training;

/// <summary>
/// Mirrors and moves the pictures of a batch, each by its own draw, on the device that they are on. What comes in from outside is 0, the
/// mean of the scaled numbers.
/// </summary>
internal sealed class PictureAugmentation(Augmentation augmentation, int shift, IReadOnlyList<int> shape)
{
    private readonly int _channels = shape[0];
    private readonly int _height = shape[1];
    private readonly int _width = shape[2];

    /// <summary>Varies a batch.</summary>
    /// <param name="input">m x length, float32.</param>
    /// <param name="seeds">The seed of each picture (<see cref="PictureVariation.SeedOf"/>).</param>
    /// <returns>m x length, float32; the input is left as it is.</returns>
    public torch.Tensor Apply(torch.Tensor input, ReadOnlySpan<ulong> seeds)
    {
        var variations = new PictureVariation[seeds.Length];
        for (var i = 0; i < variations.Length; i++)
            variations[i] = PictureVariation.Draw(augmentation, shift, seeds[i]);
        return input.device_type == DeviceType.CPU ? ApplyInMemory(input, variations) : ApplyOnDevice(input, variations);
    }

    /// <summary>The same by copying lines, for the CPU.</summary>
    internal torch.Tensor ApplyInMemory(torch.Tensor input, ReadOnlySpan<PictureVariation> variations)
    {
        var result = torch.zeros_like(input);
        var source = MemoryMarshal.Cast<byte, float>(input.bytes);
        var target = MemoryMarshal.Cast<byte, float>(result.bytes);
        var length = _channels * _height * _width;
        for (var i = 0; i < variations.Length; i++)
        {
            for (var c = 0; c < _channels; c++)
            {
                var first = (i * length) + (c * _height * _width);
                Move(source.Slice(first, _height * _width), target.Slice(first, _height * _width), variations[i]);
            }
        }

        return result;
    }

    private void Move(ReadOnlySpan<float> source, Span<float> target, PictureVariation variation)
    {
        var (firstColumn, lastColumn) = (Math.Max(0, -variation.Right), Math.Min(_width, _width - variation.Right));
        var count = lastColumn - firstColumn;
        for (var row = Math.Max(0, -variation.Down); count > 0 && row < Math.Min(_height, _height - variation.Down); row++)
        {
            var line = source.Slice(((row + variation.Down) * _width) + firstColumn + variation.Right, count);
            if (!variation.IsMirrored)
            {
                line.CopyTo(target.Slice((row * _width) + firstColumn, count));
                continue;
            }

            var mirrored = target.Slice((row * _width) + _width - lastColumn, count);
            line.CopyTo(mirrored);
            mirrored.Reverse();
        }
    }

    /// <summary>The same by index arithmetic, for devices whose memory is not ours to reach.</summary>
    internal torch.Tensor ApplyOnDevice(torch.Tensor input, ReadOnlySpan<PictureVariation> variations)
    {
        var m = variations.Length;
        var (rows, columns) = (new long[m * _height], new long[m * _width]);
        var (hasRow, hasColumn) = (new float[rows.Length], new float[columns.Length]);
        for (var i = 0; i < m; i++)
        {
            Fill(rows.AsSpan(i * _height, _height), hasRow.AsSpan(i * _height, _height), variations[i].Down, isMirrored: false, step: _width);
            Fill(columns.AsSpan(i * _width, _width), hasColumn.AsSpan(i * _width, _width), variations[i].Right, variations[i].IsMirrored, step: 1);
        }

        var device = input.device;
        var pixels = torch.tensor(rows, m, _height, 1, device: device).Plus(torch.tensor(columns, m, 1, _width, device: device)).view(m, 1, -1);
        var inside = torch.tensor(hasRow, m, _height, 1, device: device).mul(torch.tensor(hasColumn, m, 1, _width, device: device)).view(m, 1, -1);
        var moved = input.view(m, _channels, -1).gather(2, pixels.expand(m, _channels, _height * _width));
        return moved.mul_(inside).view(m, -1);
    }

    // The line of the original that each line of the result shows, in units of step, and whether there is one.
    private static void Fill(Span<long> lines, Span<float> isThere, int shift, bool isMirrored, int step)
    {
        for (var i = 0; i < lines.Length; i++)
        {
            var line = (isMirrored ? lines.Length - 1 - i : i) + shift;
            isThere[i] = line >= 0 && line < lines.Length ? 1 : 0;
            lines[i] = (long)step * Math.Clamp(line, 0, lines.Length - 1);
        }
    }
}
