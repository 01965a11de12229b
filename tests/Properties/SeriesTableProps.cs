namespace Instrumentator.Properties;

/// <summary>The table that finds a series by its label values: at any size, and with equal hashes.</summary>
public class SeriesTableProps
{
    [Fact]
    public void Only_added_values_are_found()
    {
        // More than the first chunks, which have 1,024 entries each.
        var table = new SeriesTable<string>();
        for (var i = 0; i < 5_000; i++)
        {
            Assert.Null(table.Find([$"{i}"]));
            table.Add([$"{i}"], $"{i}");
            Assert.Equal($"{i}", table.Find([$"{i}"]));
        }
        Assert.Equal(5_000, table.Count);
        Assert.All(Enumerable.Range(0, 5_000), i => Assert.Equal($"{i}", table.Find([$"{i}"])));
        Assert.All(Enumerable.Range(5_000, 5_000), i => Assert.Null(table.Find([$"{i}"])));
    }

    [Fact]
    public void Values_with_the_same_hash_are_different_series()
    {
        var (one, other) = WithOneHash();
        var table = new SeriesTable<string>();
        table.Add([one], one);
        Assert.Null(table.Find([other]));
        table.Add([other], other);
        Assert.Equal((one, other), (table.Find([one]), table.Find([other])));
    }

    [Fact]
    public void Values_are_compared_one_by_one()
    {
        Assert.True(LabelValues.AreEqual(["a", null], ["a", ""]));
        Assert.False(LabelValues.AreEqual(["a", "b"], ["a", "c"]));
        Assert.False(LabelValues.AreEqual(["b", "a"], ["c", "a"]));
        Assert.False(LabelValues.AreEqual(["a"], ["a", ""]));
        Assert.False(LabelValues.AreEqual(["a", ""], ["a"]));
    }

    // A few hundred thousand values include two with the same hash. The table ignores the highest bit.
    private static (string One, string Other) WithOneHash()
    {
        var seen = new Dictionary<uint, string>();
        for (var i = 0; ; i++)
        {
            var value = $"{i}";
            if (!seen.TryAdd(LabelValues.HashOf([value]) & 0x7FFF_FFFF, value))
                return (seen[LabelValues.HashOf([value]) & 0x7FFF_FFFF], value);
        }
    }
}
