using NUnit.Framework;

namespace FaceSearch.TestSupport;

public static class Eventually
{
    /// <summary>Fails the test when the condition is not true within two minutes.</summary>
    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        for (var deadline = DateTime.UtcNow.AddMinutes(2); !await condition(); await Task.Delay(20))
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), "The condition was not met in time.");
    }
}
