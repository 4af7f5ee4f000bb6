@0x9f11ad31255d4b63;
# Arithmetic that shows what capabilities do: a result is an object that can be used before it is computed, and the function that
# computes it may live on either side of the connection.

interface Calculator {
  read @0 () -> (number :Float64);
  # The number that it shows.

  apply @1 (function :Function, operand :Float64) -> (next :Calculator);
  # Another calculator, which shows the function of this one's number and the operand.
}

interface Function {
  call @0 (left :Float64, right :Float64) -> (number :Float64);
  # Computes.
}
