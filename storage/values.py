"""What a field of a record can hold. Apart from the records, which a start leaves out."""

Value = str | int | None
