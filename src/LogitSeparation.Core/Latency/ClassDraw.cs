namespace LogitSeparation.Core.Latency;

/// <summary>Which classes are asked for.</summary>
public enum ClassDraw
{
    /// <summary>Each as likely as every other.</summary>
    Uniform,

    /// <summary>Each as often as it is frequent: what Huffman trees and adaptive softmax are made for.</summary>
    Frequency,
}
