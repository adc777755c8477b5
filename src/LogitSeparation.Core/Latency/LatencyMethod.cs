namespace LogitSeparation.Core.Latency;

/// <summary>What is computed, of an example whose features there are (of the trunk: of an example).</summary>
public enum LatencyMethod
{
    /// <summary>The features of an example by the model's trunk: what every other method needs first.</summary>
    Trunk,

    /// <summary>The logit of one class: one row of the head.</summary>
    OneLogit,

    /// <summary>The logits of some classes.</summary>
    SomeLogits,

    /// <summary>The logits of all classes.</summary>
    AllLogits,

    /// <summary>The log-probability of one class by softmax: all logits, and their normaliser.</summary>
    Softmax,

    /// <summary>The log-probability of one class by hierarchical softmax over a balanced binary tree (Morin and Bengio 2005).</summary>
    BalancedTree,

    /// <summary>The same over the tree of a Huffman code of the classes' frequencies (Mikolov et al. 2013).</summary>
    HuffmanTree,

    /// <summary>The log-probability of one class by adaptive softmax (Grave et al. 2017): a head for frequent classes, tails for the others.</summary>
    AdaptiveSoftmax,

    /// <summary>
    /// The log-probability of one class by differentiated softmax (Chen et al. 2016): the rarer a class, the fewer features it sees. All
    /// logits are needed for the normaliser.
    /// </summary>
    DifferentiatedSoftmax,
}
