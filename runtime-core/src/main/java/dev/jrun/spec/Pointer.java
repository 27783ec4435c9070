// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

/** A JSON pointer (RFC 6901). Its text is made only when it is asked for, which is for problems only. */
final class Pointer {
    static final Pointer DOCUMENT = new Pointer(null, "");

    private final Pointer parent;
    private final Object token;

    private Pointer(Pointer parent, Object token) {
        this.parent = parent;
        this.token = token;
    }

    Pointer member(String name) {
        return new Pointer(this, name);
    }

    Pointer element(int index) {
        return new Pointer(this, index);
    }

    @Override
    public String toString() {
        if (parent == null) {
            return "";
        }
        return parent + "/" + token.toString().replace("~", "~0").replace("/", "~1");
    }
}
