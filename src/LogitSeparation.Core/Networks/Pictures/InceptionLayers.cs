namespace LogitSeparation.Core.Networks.Pictures;

/// <summary>
/// The layers of Inception-v3 (Szegedy et al. 2016, "Rethinking the Inception Architecture for Computer Vision", table 1 and figures 5
/// to 8), with the numbers of maps and the names of the stages that TensorFlow's and torchvision's code have.
/// </summary>
internal static class InceptionLayers
{
    /// <summary>Up to where the auxiliary head is attached.</summary>
    public static (string Name, PictureBlock Block)[] First() =>
    [
        ("conv1a", Convolution(32, 3, 3, stride: 2)),
        ("conv2a", Convolution(32, 3, 3, padded: false)),
        ("conv2b", Convolution(64, 3, 3)),
        ("pool1", Shrink()),
        ("conv3b", Convolution(80, 1, 1)),
        ("conv4a", Convolution(192, 3, 3, padded: false)),
        ("pool2", Shrink()),
        ("mixed5b", Small(32)),
        ("mixed5c", Small(64)),
        ("mixed5d", Small(64)),
        ("mixed6a", new ForkBlock(
            [Convolution(384, 3, 3, stride: 2)],
            [Convolution(64, 1, 1), Convolution(96, 3, 3), Convolution(96, 3, 3, stride: 2)],
            [Shrink()])),
        ("mixed6b", Factored(128)),
        ("mixed6c", Factored(160)),
        ("mixed6d", Factored(160)),
        ("mixed6e", Factored(192)),
    ];

    /// <summary>From there to the features.</summary>
    public static (string Name, PictureBlock Block)[] Last() =>
    [
        ("mixed7a", new ForkBlock(
            [Convolution(192, 1, 1), Convolution(320, 3, 3, stride: 2)],
            [Convolution(192, 1, 1), Convolution(192, 1, 7), Convolution(192, 7, 1), Convolution(192, 3, 3, stride: 2)],
            [Shrink()])),
        ("mixed7b", Wide()),
        ("mixed7c", Wide()),
    ];

    /// <summary>What follows the pooling of the auxiliary head.</summary>
    public static (string Name, PictureBlock Block)[] Auxiliary() =>
    [
        ("conv0", Convolution(128, 1, 1)),
        ("conv1", Convolution(768, 5, 5, padded: false)),
    ];

    // Figure 5: 5 x 5 beside two of 3 x 3.
    private static ForkBlock Small(int pooled) => new(
        [Convolution(64, 1, 1)],
        [Convolution(48, 1, 1), Convolution(64, 5, 5)],
        [Convolution(64, 1, 1), Convolution(96, 3, 3), Convolution(96, 3, 3)],
        [Keep(), Convolution(pooled, 1, 1)]);

    // Figure 6: 7 x 7 as 1 x 7 and 7 x 1.
    private static ForkBlock Factored(int maps) => new(
        [Convolution(192, 1, 1)],
        [Convolution(maps, 1, 1), Convolution(maps, 1, 7), Convolution(192, 7, 1)],
        [Convolution(maps, 1, 1), Convolution(maps, 7, 1), Convolution(maps, 1, 7), Convolution(maps, 7, 1), Convolution(192, 1, 7)],
        [Keep(), Convolution(192, 1, 1)]);

    // Figure 7: 3 x 3 as 1 x 3 beside 3 x 1.
    private static ForkBlock Wide() => new(
        [Convolution(320, 1, 1)],
        [Convolution(384, 1, 1), Split()],
        [Convolution(448, 1, 1), Convolution(384, 3, 3), Split()],
        [Keep(), Convolution(192, 1, 1)]);

    private static ForkBlock Split() => new([Convolution(384, 1, 3)], [Convolution(384, 3, 1)]);

    // What moves by two goes over no edge.
    private static ConvolutionBlock Convolution(int maps, int height, int width, int stride = 1, bool padded = true) =>
        new(maps, height, width, stride, padded && stride == 1);

    private static PoolingBlock Shrink() => new(PoolingKind.Largest, window: 3, stride: 2);

    private static PoolingBlock Keep() => new(PoolingKind.Mean, window: 3, stride: 1, padded: true);
}
