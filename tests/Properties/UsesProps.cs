namespace Instrumentator.Properties;

/// <summary>When requests count as often: a hundred of them, counted anew after each hundred, within less than a second.</summary>
public sealed class UsesProps
{
    private static readonly Gen<(long TicksPerSecond, List<int> Pauses)> _uses =
        from ticksPerSecond in Gen.Elements(1L, 1_000L, 1_000_000_000L)
        from longest in Gen.Elements(0, 1, 20, 21, 40)
        from pauses in Gen.Choose(0, longest).ListOf(450)
        select (ticksPerSecond, pauses);

    [Fact]
    public void They_come_often_where_a_hundred_come_within_a_second() =>
        Check.Holds(_uses, given =>
        {
            // Pauses are in thousandths of a second.
            var times = given.Pauses.Select((_, i) => given.Pauses.Take(i + 1).Sum() * given.TicksPerSecond / 1_000).ToArray();
            var uses = default(Uses);
            var told = times.Select(now => uses.AreOften(now, given.TicksPerSecond)).ToArray();
            var expected = times.Select((now, i) => i % 100 == 99 && now - times[i - 99] < given.TicksPerSecond);
            Assert.Equal(expected, told);
        });
}
