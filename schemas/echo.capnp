@0x9cb80a489438a7ac;
# The smallest service.

interface Echo {
  say @0 (text :Text) -> (text :Text);
  # Gives back what it got.
}
