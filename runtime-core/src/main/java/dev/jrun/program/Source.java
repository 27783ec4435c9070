// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program;

import java.util.List;

/**
 * Why an instruction exists: the part of config.json that asked for it, and its purpose. A program has thousands, and
 * hardly one is ever read, so numerous ones are put into words only on demand.
 */
public abstract class Source {

    /** What the instructions of a program are about, by their index. */
    public interface Steps {
        Source step(long instruction);
    }

    /** Those of a program, in order. */
    public record Listed(List<Source> sources) implements Steps {
        @Override
        public Source step(long instruction) {
            return sources.get((int) instruction);
        }
    }

    /** A JSON pointer (RFC 6901) into config.json, empty if no single field asked for it. */
    public abstract String pointer();

    /** A few words, such as {@code mount tmpfs on /dev/shm}. */
    public abstract String intent();

    /** A source in these words. */
    public static Source of(String pointer, String intent) {
        return new Source() {
            @Override
            public String pointer() {
                return pointer;
            }

            @Override
            public String intent() {
                return intent;
            }
        };
    }

    /** A source that is the runtime's own doing. */
    public static Source runtime(String intent) {
        return of("", intent);
    }

    /** A source that is a member of the object at {@code pointer}, under any name. */
    public static Source member(String pointer, String name, String intent) {
        return of(pointer + "/" + name.replace("~", "~0").replace("/", "~1"), intent);
    }

    /**
     * A part of what asked for this, to the same end; {@code path} is the end of its pointer, without the slash before
     * it.
     */
    public final Source part(String path) {
        Source whole = this;
        return new Source() {
            @Override
            public String pointer() {
                return whole.pointer() + "/" + path;
            }

            @Override
            public String intent() {
                return whole.intent();
            }
        };
    }

    /** The same with {@code remark} behind it. */
    public final Source with(String remark) {
        Source about = this;
        return new Source() {
            @Override
            public String pointer() {
                return about.pointer();
            }

            @Override
            public String intent() {
                return about.intent() + remark;
            }
        };
    }

    /**
     * {@code config.json#/mounts/3: mount tmpfs on /dev/shm}, or the intent alone. On one line, whatever the document
     * says.
     */
    @Override
    public final String toString() {
        return Quoted.escape(pointer().isEmpty() ? intent() : "config.json#" + pointer() + ": " + intent());
    }
}
