using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Instrumentator.Properties;

/// <summary>Rules of the design that the compiler does not check.</summary>
public class DesignTests
{
    private static readonly Assembly _core = typeof(Config).Assembly;

    private static readonly Type[] _valueTypes =
        [.. _core.GetExportedTypes(), .. typeof(PageOptions).Assembly.GetExportedTypes()];

    /// <summary>The assemblies whose public API is approved. A new assembly needs a line here and a project
    /// reference.</summary>
    public static TheoryData<string> Assemblies =>
    [
        "Instrumentator",
        "Instrumentator.Core",
        "Instrumentator.Dashboards",
        "Instrumentator.Giraffe",
        "Instrumentator.PrometheusNet",
        "Instrumentator.Testing",
    ];

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void The_public_API_is_the_approved_one(string assembly)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Properties");
        var approvedFile = Path.Combine(folder, $"PublicApi.{assembly}.approved.txt");
        var receivedFile = Path.Combine(folder, $"PublicApi.{assembly}.received.txt");
        var approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";
        var received = PublicApi.Of(Assembly.Load(assembly));
        if (received == approved)
        {
            File.Delete(receivedFile);
            return;
        }

        File.WriteAllText(receivedFile, received);
        Assert.Fail($"""
            The public API of {assembly} is not the approved one:
            {Difference([.. PublicApi.Lines(approved)], [.. PublicApi.Lines(received)])}
            If it should be so, approve it, and tell users in CHANGELOG.md:
            mv {Path.GetRelativePath(Repository.Root, receivedFile)} {Path.GetRelativePath(
                Repository.Root,
                approvedFile
            )}
            """);
    }

    [Fact]
    public void The_core_references_nothing_but_the_base_class_library() =>
        Assert.All(
            _core.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System.", reference.Name, StringComparison.Ordinal));

    // Code runs and waits only within a request or a scrape: an idle app spends nothing on its metrics. The core
    // listens to meters, but only to those that a registry includes: see MeterTests.
    [Theory]
    [InlineData("Instrumentator")]
    [InlineData("Instrumentator.Core")]
    public void Nothing_runs_by_itself(string assembly)
    {
        var called = Called(assembly);

        Assert.Contains("TimeProvider.GetTimestamp", called);
        // AppClock passes timers on, and creates none by itself.
        Assert.DoesNotContain(called, member =>
            (member == "TimeProvider.CreateTimer" && assembly != "Instrumentator")
            || member.Split('.')[0] is "Timer" or "PeriodicTimer"
                or "EventListener" or "ActivityListener" or "BackgroundService"
            || (member.StartsWith("MeterListener.", StringComparison.Ordinal) && assembly != "Instrumentator.Core"));
    }

    // It reads the registry once a second, in an app that maps it.
    [Fact]
    public void The_live_page_has_one_timer_and_nothing_else_that_runs_by_itself() => Assert.Equal(
        ["PeriodicTimer..ctor"],
        Called("Instrumentator.Dashboards").Where(member => member.Split('.')[0] is "Timer" or "Thread"
                or "EventListener" or "MeterListener" or "ActivityListener" or "BackgroundService"
            || member is "PeriodicTimer..ctor" or "TimeProvider.CreateTimer"));

    [Fact]
    public void Public_types_of_the_core_are_in_one_namespace_and_those_for_adapters_in_another()
    {
        var adapters = _core.GetExportedTypes().Where(type => type.Namespace == "Instrumentator.Adapters");
        Assert.Equal(
            ["Exchange", "ExchangeReader", "RequestFacts"],
            adapters.Select(type => type.Name).Order(StringComparer.Ordinal));
        Assert.All(_core.GetExportedTypes().Except(adapters), type => Assert.Equal("Instrumentator", type.Namespace));
    }

    [Fact]
    public void No_public_type_has_the_name_of_the_namespace() =>
        Assert.DoesNotContain(_core.GetExportedTypes(), type => type.Name == "Instrumentator");

    [Fact]
    public void Public_records_are_immutable()
    {
        var records = _valueTypes.Where(PublicApi.IsRecord).ToArray();
        Assert.Contains(typeof(Config), records);
        Assert.Contains(typeof(Info), records);
        Assert.Contains(typeof(PageOptions), records);
        foreach (var record in records)
        {
            Assert.DoesNotContain(
                record.GetProperties(),
                property => property.SetMethod is { } setter && !PublicApi.IsInit(setter));
            Assert.DoesNotContain(
                record.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance),
                field => !field.IsInitOnly);
        }
    }

    [Fact]
    public void No_public_type_has_a_writable_field() => Assert.DoesNotContain(
        _valueTypes.Where(type => !type.IsEnum).SelectMany(type => type.GetFields()),
        field => !field.IsLiteral && !field.IsInitOnly);

    /// <summary>Returns the members of types in other assemblies that an assembly references, such as
    /// <c>Thread..ctor</c>.</summary>
    private static string[] Called(string assembly)
    {
        using var file = new PEReader(File.OpenRead(Assembly.Load(assembly).Location));
        return [.. Called(file.GetMetadataReader())];
    }

    private static IEnumerable<string> Called(MetadataReader reader) =>
        from handle in reader.MemberReferences
        let member = reader.GetMemberReference(handle)
        where member.Parent.Kind == HandleKind.TypeReference
        let type = reader.GetTypeReference((TypeReferenceHandle)member.Parent)
        select $"{reader.GetString(type.Name)}.{reader.GetString(member.Name)}";

    private static string Difference(string[] approved, string[] received) => string.Join("\n",
        approved.Except(received, StringComparer.Ordinal).Select(line => "- " + line)
            .Concat(received.Except(approved, StringComparer.Ordinal).Select(line => "+ " + line))
            .DefaultIfEmpty("(the same lines in another order)"));
}
