// SPDX-License-Identifier: Apache-2.0
package dev.jrun.json;

/** A JSON pointer (RFC 6901). Its text is made only on demand, which is only for problems. */
public final class Pointer {
    /** To the whole document. */
    public static final Pointer DOCUMENT = new Pointer(null, "");

    private final Pointer parent;
    private final Object token;

    private Pointer(Pointer parent, Object token) {
        this.parent = parent;
        this.token = token;
    }

    /** To a member of the object that this one points to. */
    public Pointer member(String name) {
        return new Pointer(this, name);
    }

    /** To an element of the array that this one points to. */
    public Pointer element(int index) {
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
