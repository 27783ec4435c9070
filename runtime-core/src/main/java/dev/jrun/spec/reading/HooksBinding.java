// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Range;

/** Makes {@link Hooks} of JSON: "POSIX-platform Hooks" of config.md. */
final class HooksBinding {
    /** Seconds; Go's runtimes count them in 32 bits at least, and none waits longer than that. */
    private static final Range TIMEOUT = new Range(1, Integer.MAX_VALUE);

    private HooksBinding() {}

    static Hooks hooks(Members json) {
        return new Hooks(
                json.objects("prestart", HooksBinding::hook),
                json.objects("createRuntime", HooksBinding::hook),
                json.objects("createContainer", HooksBinding::hook),
                json.objects("startContainer", HooksBinding::hook),
                json.objects("poststart", HooksBinding::hook),
                json.objects("poststop", HooksBinding::hook));
    }

    private static Hook hook(Members json) {
        return new Hook(
                json.requiredString("path", Syntax.ABSOLUTE_PATH),
                json.strings("args"),
                json.optionalStrings("env"),
                json.number("timeout", TIMEOUT));
    }
}
