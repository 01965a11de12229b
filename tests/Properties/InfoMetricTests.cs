using System.Reflection;
using System.Runtime.InteropServices;

namespace Instrumentator.Properties;

/// <summary>The gauges that tell the service, the library and the runtime.</summary>
public sealed class InfoMetricTests
{
    [Fact]
    public void Build_info_has_the_versions_of_library_and_runtime()
    {
        var version = typeof(Registry).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split('+');
        var registry = new Registry().IncludeBuildInfo().IncludeBuildInfo();

        var family = Assert.Single(registry.Scrape().Families);

        Assert.Equal("instrumentator_build_info", family.Definition.Name);
        Assert.Equal(
            version.Length > 1
                ? ["revision", version[1], "runtime", RuntimeInformation.FrameworkDescription, "version", version[0]]
                : ["runtime", RuntimeInformation.FrameworkDescription, "version", version[0]],
            Labels(registry));
        Assert.Equal(new SampleValue.Gauge(1), family.Samples[0].Value);
    }

    [Fact]
    public void Target_info_has_the_entry_assembly_unless_something_else_is_said()
    {
        var entry = Assembly.GetEntryAssembly()!;

        Assert.Equal(
            [
                "service_name", entry.GetName().Name!,
                "service_version",
                entry.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            ],
            Labels([]));
    }

    [Theory]
    [InlineData(null, null, null, "Properties")]
    [InlineData("service.name=attributes", null, null, "attributes")]
    [InlineData("service.name=attributes", "variable", null, "variable")]
    [InlineData("service.name=attributes", "variable", "given", "given")]
    [InlineData("service.name=attributes", "", "", "attributes")]
    [InlineData("service.name=", "", null, "Properties")]
    public void The_name_of_the_service_is_the_one_that_is_given_or_else_that_of_the_environment(
        string? attributes, string? variable, string? given, string expected) => Assert.Equal(
            expected,
            Labels(
                [new("service.name", given)],
                ("OTEL_RESOURCE_ATTRIBUTES", attributes),
                ("OTEL_SERVICE_NAME", variable))[1]);

    [Theory]
    [InlineData("a.b=1,c=2", "a_b", "1", "c", "2")]
    [InlineData(" a = 1 , b = x%20y%2C%3D ", "a", "1", "b", "x y,=")]
    [InlineData("a=1=2,,=3,b,c=%zz,__d=4", "_d", "4", "a", "1=2", "c", "%zz")]
    [InlineData("a=1,a=2,A=3", "A", "3", "a", "2")]
    public void Attributes_of_the_environment_are_labels_and_what_cannot_be_read_is_left_out(
        string attributes, params string[] expected) => Assert.Equal(
            expected,
            Labels([new("service.name", "s"), new("service.version", "v")], ("OTEL_RESOURCE_ATTRIBUTES", attributes))
                .Except(["service_name", "s", "service_version", "v"]));

    [Property]
    public void Any_attributes_give_a_scrape_that_can_be_read(HostileText attributes, HostileText name)
    {
        var registry = new Registry().Include(TargetInfo.Collector(
            [new("service.name", name.Value)], _ => attributes.Value));

        Assert.Single(Assert.Single(registry.Scrape().Families).Samples);
    }

    [Fact]
    public void Equal_target_infos_are_one_and_different_ones_fail_the_scrape()
    {
        var registry = new Registry().IncludeTargetInfo("a", "1").IncludeTargetInfo("a", "1");

        Assert.Single(registry.Scrape().Families);
        var error = Assert.Throws<InvalidOperationException>(registry.IncludeTargetInfo("b").Scrape);
        Assert.Contains("target_info", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_registry_is_refused()
    {
        Assert.Throws<ArgumentNullException>(() => ((Registry)null!).IncludeBuildInfo());
        Assert.Throws<ArgumentNullException>(() => ((Registry)null!).IncludeTargetInfo());
    }

    private static string[] Labels(
        KeyValuePair<string, string?>[] given, params (string Name, string? Value)[] environment) =>
        Labels(new Registry().Include(TargetInfo.Collector(
            given, name => environment.FirstOrDefault(variable => variable.Name == name).Value)));

    private static string[] Labels(Registry registry)
    {
        var labels = registry.Scrape().Families[0].Samples[0].Labels;
        return [.. labels.Names.Zip(labels.Values).SelectMany(label => new[] { label.First, label.Second })];
    }
}
