using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>A table that is keyed by reference and thread: beside a dictionary that is, too, whatever is added, and wherever keys are in memory.</summary>
public sealed class ReferenceTableProps
{
    // Few keys, so that they come again.
    private static readonly Gen<(int Key, int Thread, string Value)[]> _programs =
        from steps in (
            from key in Gen.Choose(0, 40)
            from thread in Gen.Elements(0, 0, 1, 2, 1_024)
            from value in Gen.Choose(0, 1_000)
            select (key, thread, $"{value}")).ListOf()
        select steps.ToArray();

    private static readonly int[] _threads = [0, 1, 2, 1_024];

    [Fact]
    public void By_identity_it_is_a_dictionary() => Check.Holds(_programs, AssertIsDictionary<ByIdentity>);

    [Fact]
    public void By_address_it_is_one_while_nothing_moves() => Check.Holds(_programs, AssertIsDictionary<Numbered>);

    // Keys of which all have one place stand one behind the other, round the end of the table, too.
    [Fact]
    public void Where_all_keys_have_one_place_it_is_one_still() => Check.Holds(_programs, AssertIsDictionary<AtTheEnd>);

    // Objects that move are not found, and found again once they were added again; and never another one in their place.
    [Fact]
    public void Whatever_moves_meanwhile_no_key_has_the_value_of_another() => Check.Holds(
        from programs in _programs.NonEmptyListOf() select programs,
        programs =>
        {
            var table = new ReferenceTable<Key, Named, Moving>();
            var keys = Keys();
            var last = new HashSet<(int Key, int Thread)>();
            foreach (var program in programs)
            {
                foreach (var (key, thread, value) in program)
                {
                    table.Add(keys[key], new Named(value, thread));
                    last.Add((key, thread));
                    Assert.Equal(value, table.Find(keys[key], thread).Text);
                }
                Moving.By++;
                Assert.All(keys, key => Assert.All(_threads, thread => Assert.True(table.Find(key, thread).Text is null || last.Contains((key.Number, thread)))));
            }
            Assert.InRange(table.Count, 0, 4 * _threads.Length * keys.Length);
        });

    // However often they move, it has room for each key four times at the most, and for some always.
    [Fact]
    public void Keys_that_move_again_and_again_do_not_make_it_grow()
    {
        var table = new ReferenceTable<Key, Named, Moving>();
        var keys = Keys();
        for (var i = 0; i < 1_000; i++)
        {
            Moving.By++;
            foreach (var key in keys)
                table.Add(key, new Named(""));
            Assert.InRange(table.Count, keys.Length, 4 * keys.Length);
            Assert.All(keys, key => Assert.Equal("", table.Find(key).Text));
        }
    }

    // A thousand threads have a place each for one object: were their hashes alike, a search would go through all of them.
    [Fact]
    public void By_address_threads_and_neighbours_have_places_of_their_own()
    {
        object[] keys = [.. Enumerable.Range(0, 64).Select(_ => new object())];
        var hashes = Enumerable.Range(0, 100).Select(_ => HashesOf(keys)).First(some => some.Length > 0);
        Assert.Equal(hashes.Length, hashes.Distinct().Count());

        // A table of 2 to the 18th places, of which a quarter is used.
        Assert.InRange(hashes.CountBy(hash => hash >> 46).Max(place => place.Value), 1, 8);
    }

    // None where keys were moved meanwhile.
    private static ulong[] HashesOf(object[] keys)
    {
        var before = Array.ConvertAll(keys, key => ByAddress.Of(key, 0));
        ulong[] hashes = [.. from key in keys from thread in Enumerable.Range(0, 1_025) select ByAddress.Of(key, thread)];
        return before.SequenceEqual(keys.Select(key => ByAddress.Of(key, 0))) ? hashes : [];
    }

    // What is not there at all cannot be read: .NET would throw where it had to make sure first, and wait for the object's memory where it is there.
    [Fact]
    public void An_address_is_told_without_a_look_at_the_object() => Assert.Equal(0ul, ByAddress.Of(null, 0));

    [Fact]
    public void What_the_collector_moved_is_found_once_it_is_added_again()
    {
        var table = new ReferenceTable<object, Named, ByAddress>();
        var keys = Movable(out var address);
        for (var i = 0; i < keys.Length; i++)
            table.Add(keys[i], new Named($"{i}"));
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.NotEqual(address, ByAddress.Of(keys[^1], 0));
        for (var i = 0; i < keys.Length; i++)
        {
            Assert.True(table.Find(keys[i]).Text is not { } found || found == $"{i}");
            Assert.Contains($"{i}", Enumerable.Range(0, 100).Select(_ => AddAndFind(table, keys[i], $"{i}")));
        }
    }

    // Null where it was moved again in this moment.
    private static string? AddAndFind(ReferenceTable<object, Named, ByAddress> table, object key, string value)
    {
        table.Add(key, new Named(value));
        return table.Find(key).Text;
    }

    // What lies between is garbage, so they come together. Not inlined: nobody else holds them.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static object[] Movable(out ulong address)
    {
        var keys = new object[1_000];
        for (var i = 0; i < keys.Length; i++)
        {
            GC.KeepAlive(new byte[500]);
            keys[i] = new object();
        }
        address = ByAddress.Of(keys[^1], 0);
        return keys;
    }

    [Fact]
    public async Task Those_who_read_while_it_grows_find_what_was_added_before()
    {
        var table = new ReferenceTable<Key, Named, ByIdentity>();
        Key[] keys = [.. Enumerable.Range(0, 20_000).Select(number => new Key(number))];
        var added = 0;
        var reader = Task.Run(() =>
        {
            for (var random = new Random(1); Volatile.Read(ref added) < keys.Length;)
            {
                var before = Volatile.Read(ref added);
                var one = random.Next(keys.Length);
                var found = table.Find(keys[one]).Text;
                Assert.True(found == $"{one}" || (found is null && one >= before));
            }
        }, TestContext.Current.CancellationToken);
        for (var i = 0; i < keys.Length; i++)
        {
            table.Add(keys[i], new Named($"{i}"));
            Volatile.Write(ref added, i + 1);
        }
        await reader;
    }

    [Fact]
    public void Cleared_it_is_as_it_was_at_first()
    {
        var table = new ReferenceTable<Key, Named, ByIdentity>();
        var keys = Keys();
        foreach (var key in keys)
            table.Add(key, new Named("before"));
        table.Clear();
        Assert.Equal(0, table.Count);
        Assert.All(keys, key => Assert.Null(table.Find(key).Text));
        table.Add(keys[0], new Named("after"));
        Assert.Equal((1, "after"), (table.Count, table.Find(keys[0]).Text));
    }

    private static void AssertIsDictionary<THash>((int Key, int Thread, string Value)[] program)
        where THash : struct, IReferenceHash
    {
        var table = new ReferenceTable<Key, Named, THash>();
        var expected = new Dictionary<(Key, int), string>();
        var keys = Keys();
        foreach (var (key, thread, value) in program)
        {
            table.Add(keys[key], new Named(value, thread));
            expected[(keys[key], thread)] = value;
            Assert.Equal(expected.Count, table.Count);
        }
        Assert.All(keys, key => Assert.All(_threads, thread => Assert.Equal(expected.GetValueOrDefault((key, thread)), table.Find(key, thread).Text)));
    }

    private static Key[] Keys() => [.. Enumerable.Range(0, 41).Select(number => new Key(number))];

    private sealed class Key(int number)
    {
        public int Number => number;
    }

    private readonly record struct Named(string? Text, int Thread = 0) : IOfThread;

    private readonly struct Numbered : IReferenceHash
    {
        public static ulong Of(object key, int thread) => (ulong)(((Key)key).Number ^ thread) << 58;
    }

    private readonly struct AtTheEnd : IReferenceHash
    {
        public static ulong Of(object key, int thread) => ulong.MaxValue;
    }

    private readonly struct Moving : IReferenceHash
    {
        [ThreadStatic]
        private static ulong _by;

        public static ulong By { get => _by; set => _by = value; }

        public static ulong Of(object key, int thread) => ((ulong)((Key)key).Number + (ulong)thread + (By * 7)) * 0x9E37_79B9_7F4A_7C15;
    }
}
