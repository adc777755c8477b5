namespace LogitSeparation.Core.Training;

/// <summary>
/// What steps without a gradient do to a row that was left out of them: the product of their linear maps, in the time of its logarithm.
/// Products over aligned stretches of 64, 128, 256, … steps are kept; any range is a few of them and some single steps.
/// </summary>
/// <param name="step">The map of a step.</param>
internal sealed class SkippedSteps(Func<long, StepMap> step)
{
    private const int FirstLevel = 6;

    private readonly Dictionary<(int Level, long Index), StepMap> _stretches = [];

    /// <summary>The map of the steps from <paramref name="first"/> to before <paramref name="end"/>.</summary>
    public StepMap Over(long first, long end)
    {
        var map = StepMap.Identity;
        while (first < end)
        {
            var level = LevelAt(first, end);
            map = map.Then(level < FirstLevel ? step(first) : Stretch(level, first >> level));
            first += level < FirstLevel ? 1 : 1L << level;
        }

        return map;
    }

    /// <summary>Forgets the products: no range before now will be asked for.</summary>
    public void Clear() => _stretches.Clear();

    // The longest aligned stretch that begins here and ends in time.
    private static int LevelAt(long first, long end)
    {
        var level = 0;
        while (level < 62 && (first & ((1L << (level + 1)) - 1)) == 0 && first + (1L << (level + 1)) <= end)
            level++;
        return level;
    }

    private StepMap Stretch(int level, long index)
    {
        if (_stretches.TryGetValue((level, index), out var map))
            return map;
        map = StepMap.Identity;
        if (level == FirstLevel)
        {
            for (var i = index << level; i < (index + 1) << level; i++)
                map = map.Then(step(i));
        }
        else
        {
            map = Stretch(level - 1, 2 * index).Then(Stretch(level - 1, (2 * index) + 1));
        }

        return _stretches[(level, index)] = map;
    }
}
